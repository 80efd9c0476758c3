import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { address, every, get, OFFLINE, PAGE, post, Problem, upload } from './server';

let answer: Response;
const asked = vi.fn(async (_url: string, _init: RequestInit) => answer);

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
  vi.stubGlobal('fetch', asked);
});
afterEach(() => {
  vi.unstubAllGlobals();
  asked.mockClear();
});

it('fills the parts of a path and leaves out what a query does not say', () => {
  expect(address('/lots/{id}', { path: { id: '苹果/1' } })).toBe('/api/lots/%E8%8B%B9%E6%9E%9C%2F1');
  expect(address('/search', { query: { q: 'a b', produce: '', limit: 0, open: false, cursor: undefined } })).toBe('/api/search?q=a+b&limit=0&open=false');
});

it('sends an act as JSON with its key, and a file as a form the browser names', async () => {
  answer = new Response('{"id":"p1"}');
  await post('/session', { body: { login: 'a', password: 'b' } }, 'key-1');
  const [url, init] = asked.mock.calls[0]!;
  expect([url, init.method, init.body, init.headers]).toEqual(['/api/session', 'POST', '{"login":"a","password":"b"}', { 'Accept-Language': 'en', 'Content-Type': 'application/json', 'Idempotency-Key': 'key-1' }]);

  answer = new Response('{"id":"p1"}');
  expect(await upload('/photos', { photo: new Blob(['x']) }, 'key-2')).toEqual({ id: 'p1' });
  expect(asked.mock.calls[1]![1].headers).toEqual({ 'Accept-Language': 'en', 'Idempotency-Key': 'key-2' });
});

it('says the field a fault names', async () => {
  answer = new Response('{"type":"fault","detail":"No.","errors":[{"field":"grams"}]}', { status: 422 });
  const fault = (await get('/me').catch((e) => e)) as Problem;
  expect([fault.status, fault.detail, fault.field, fault.again]).toEqual([422, 'No.', 'grams', false]);
});

it('takes a good answer that is no JSON for no answer: it is the sign-in page of a network on the way', async () => {
  answer = new Response('<html>Welcome to our hotel', { status: 200 });
  expect(((await get('/me').catch((e) => e)) as Problem).type).toBe(OFFLINE);
  answer = new Response('<html>Bad gateway', { status: 502 });
  expect(((await get('/me').catch((e) => e)) as Problem).status).toBe(502);
  answer = new Response(null, { status: 204 });
  expect(await get('/me')).toBeUndefined();
});

it('reads every row of a list, each page behind the last row of the one before', async () => {
  const rows = Array.from({ length: 2 * PAGE + 3 }, (_, i) => ({ id: 'r' + i }));
  const behind: string[] = [];
  const page = (list: { id: string }[]) => async (after: string) => {
    behind.push(after);
    const at = list.findIndex((r) => r.id === after) + 1;
    return list.length ? list.slice(at, at + PAGE) : null;
  };
  expect(await every(page(rows))).toEqual(rows);
  expect(behind).toEqual(['', rows[PAGE - 1]!.id, rows[2 * PAGE - 1]!.id]);
  expect(await every(page(rows.slice(0, PAGE)))).toHaveLength(PAGE);
  expect(await every(page([]))).toEqual([]);
});

import { beforeEach, expect, test, vi } from 'vitest';

const server = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn() }));
vi.mock('../api/server', () => server);
vi.mock('./session.svelte', () => ({ session: { me: { login: 'donor' } } }));

const { unread } = await import('./unread.svelte');

beforeEach(() => {
  unread.n = 0;
});

test('the bell shows what the server counts', async () => {
  server.get.mockResolvedValueOnce({ unread: 3 });
  await unread.ask();
  expect(unread.n).toBe(3);
});

test('a number asked for before a mark and told after it is not shown', async () => {
  let tell: (answer: { unread: number }) => void = () => {};
  server.get.mockReturnValueOnce(new Promise((done) => (tell = done)));
  const asked = unread.ask();
  server.post.mockResolvedValueOnce({ unread: 0 });
  await unread.read(['n1']);
  tell({ unread: 1 });
  await asked;
  expect(unread.n).toBe(0);
});

test('without a network the number stays', async () => {
  unread.n = 2;
  server.get.mockRejectedValueOnce(new Error('offline'));
  await unread.ask();
  expect(unread.n).toBe(2);
});

import { beforeEach, expect, test, vi } from 'vitest';

const server = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn() }));
vi.mock('../api/server', () => server);
vi.mock('./session.svelte', () => ({ session: { me: { login: 'donor' } } }));

const { unread } = await import('./unread.svelte');

/** An answer that comes when the test says so. */
function later(mock: typeof server.get) {
  let tell: (answer: { unread: number }) => void = () => {};
  mock.mockReturnValueOnce(new Promise((done) => (tell = done)));
  return (n: number) => tell({ unread: n });
}

beforeEach(() => {
  unread.n = 0;
});

test('the bell shows what the server counts', async () => {
  server.get.mockResolvedValueOnce({ unread: 3 });
  await unread.ask();
  expect(unread.n).toBe(3);
});

test('a number asked for before a mark and told after it is not shown', async () => {
  const tell = later(server.get);
  const asked = unread.ask();
  server.post.mockResolvedValueOnce({ unread: 0 });
  server.get.mockResolvedValueOnce({ unread: 0 });
  await unread.read(['n1']);
  tell(1);
  await asked;
  expect(unread.n).toBe(0);
});

test('of two questions the later one is answered, and of two marks the last number stands', async () => {
  const [first, second] = [later(server.get), later(server.get)];
  const asked = [unread.ask(), unread.ask()];
  second(4);
  first(7);
  await Promise.all(asked);
  expect(unread.n).toBe(4);

  const [markOne, markTwo] = [later(server.post), later(server.post)];
  server.get.mockResolvedValue({ unread: 2 });
  const marked = [unread.read(['n1']), unread.read(['n2'])];
  markTwo(2);
  markOne(3);
  await Promise.all(marked);
  expect(unread.n).toBe(2);
  server.get.mockReset();
});

test('without a network the number stays', async () => {
  unread.n = 2;
  server.get.mockRejectedValueOnce(new Error('offline'));
  await unread.ask();
  expect(unread.n).toBe(2);
});

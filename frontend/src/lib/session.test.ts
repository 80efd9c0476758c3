import { beforeEach, expect, test, vi } from 'vitest';

class Problem extends Error {
  again = true;
  constructor(readonly status: number) {
    super();
  }
}
const server = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn(), remove: vi.fn(), signedOut: () => {} }));
vi.mock('../api/server', () => ({ ...server, Problem, onSignedOut: (call: () => void) => (server.signedOut = call) }));
const kept = new Map<string, string>();
vi.stubGlobal('localStorage', { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => kept.set(k, v), removeItem: (k: string) => kept.delete(k) });

const { session } = await import('./session.svelte');
const donor = { user: 'u1', name: '捐方', grants: [], mandates: [] };

/** A question about who is signed in, answered when the test says so. */
function later() {
  let tell!: (answer: unknown) => void;
  let fail!: (e: unknown) => void;
  server.get.mockReturnValueOnce(new Promise((yes, no) => ([tell, fail] = [yes, no])));
  return { tell, fail };
}

beforeEach(() => {
  server.get.mockReset();
  session.me = null;
  session.known = false;
  kept.clear();
});

test('the answer of before a sign-in does not sign out again', async () => {
  const before = later();
  const asked = session.load();
  server.get.mockResolvedValueOnce(donor);
  await session.signIn('donor', 'pw');
  before.fail(new Problem(401));
  await asked;
  expect([session.me, session.known, kept.has('me')]).toEqual([donor, true, true]);
});

test('a page that heard “not signed in” before a sign-in only makes the server be asked', async () => {
  server.get.mockResolvedValueOnce(donor);
  await session.signIn('donor', 'pw');
  server.get.mockResolvedValueOnce(donor);
  server.signedOut();
  await vi.waitFor(() => expect(server.get).toHaveBeenCalledTimes(2), 20_000);
  expect(session.me).toEqual(donor);

  server.get.mockRejectedValueOnce(new Problem(401));
  server.signedOut();
  await vi.waitFor(() => expect(session.me).toBeNull(), 20_000);
  expect(kept.has('me')).toBe(false);
});

test('who signed in is known when the sign-in is done, whatever is asked meanwhile', async () => {
  const first = later();
  const signed = session.signIn('donor', 'pw');
  await vi.waitFor(() => expect(server.get).toHaveBeenCalledTimes(1), 20_000);
  const second = later();
  server.signedOut();
  first.tell(donor);
  second.tell(donor);
  await signed;
  expect([session.me, session.known]).toEqual([donor, true]);
});

test('who signed out stays so, though the network ends just then', async () => {
  server.get.mockResolvedValueOnce(donor);
  await session.load();
  server.get.mockRejectedValueOnce(new Problem(0));
  await session.signOut();
  expect(session.me).toBeNull();
});

test('without a network the person of before is believed', async () => {
  kept.set('me', JSON.stringify(donor));
  server.get.mockRejectedValueOnce(new Problem(0));
  await session.load();
  expect(session.me).toEqual(donor);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { post } from '../../api/server';
import { Mover } from './mover.svelte';
import type { Piece } from './moves';

vi.mock('../../api/server', async (real) => ({ ...(await real<object>()), post: vi.fn() }));

const piece = { key: 'k1/a', load: 'a', capacity: 'k1' } as Piece;
const asked = () => vi.mocked(post).mock.calls.map(([, what]) => (what as unknown as { body: { to?: string } }).body.to);
let answers: ((fen: number) => void)[];
let mover: Mover;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
  answers = [];
  vi.mocked(post).mockReset().mockImplementation(() => new Promise((told) => answers.push((fen) => told({ cost_fen: fen, total_fen: 0 } as never))) as never);
  mover = new Mover('p', 'a', () => {});
  mover.take(piece);
});
afterEach(() => vi.useRealTimers());

it('asks what a move costs once the hand rests, not of every truck on the way', () => {
  for (const truck of ['k2', 'k3', 'k4']) {
    mover.aim(truck);
    vi.advanceTimersByTime(50);
  }
  expect(asked()).toEqual([]);
  vi.runAllTimers();
  expect(asked()).toEqual(['k4']);
});

it('shows no answer for a truck that the hand has left, however late it comes', async () => {
  mover.aim('k2');
  vi.runAllTimers();
  mover.aim('k3');
  vi.runAllTimers();
  answers[1]!(300);
  await vi.runAllTimersAsync();
  answers[0]!(200);
  await vi.runAllTimersAsync();
  expect(mover.tried?.cost_fen).toBe(300);
});

it('asks nothing of the truck it is on, and forgets what it was told when it is put back', async () => {
  mover.aim('k1');
  vi.runAllTimers();
  expect(asked()).toEqual([]);
  mover.aim('k2');
  vi.runAllTimers();
  mover.leave();
  answers[0]!(200);
  await vi.runAllTimersAsync();
  expect(mover.tried).toBe(null);
});

import { expect, it } from 'vitest';
import type { Run } from '../../api/shapes';
import { fall } from './run';

const at = (seconds: number, fen: number, trucks = 3, left = 0) => ({ progress: { elapsed_ns: seconds * 1e9, cost_fen: fen, trucks, left_out: left } }) as Run;

it('draws each better plan once, also when a lost line is told everything again', () => {
  const told = [at(0.2, 0, 0), at(0.5, 900, 3, 2), at(1, 950), at(1.5, 950), at(2, 800), at(1.5, 950), at(2.5, 800), at(3, 790)];
  expect(told.reduce(fall, []).map((p) => [p.seconds, p.fen, p.left])).toEqual([[0.5, 900, 2], [1, 950, 0], [2, 800, 0], [3, 790, 0]]);
});

import { expect, it } from 'vitest';
import { scale, ticks } from './scale';

it('puts a value where it belongs, and a lone one in the middle', () => {
  expect(scale([0, 10], [100, 0])(2.5)).toBe(75);
  expect(scale([4, 4], [0, 90])(4)).toBe(45);
});

it('writes round numbers that cover the span', () => {
  expect(ticks(17_000, 61_000)).toEqual([0, 20_000, 40_000, 60_000, 80_000]);
  expect(ticks(0, 1)).toEqual([0, 0.5, 1]);
  expect(ticks(3, 3)).toEqual([3]);
});

import { expect, it } from 'vitest';
import { DAY, lanes, midnight, span, visible, type Bar } from './timeline';

const bar = (id: string, from: number, to: number): Bar => ({ id, from, to, kind: 'trip', state: '', label: '' });
const at = (text: string) => Date.parse(text);

it('begins and ends at midnight in China, and always shows now', () => {
  const row = { id: 'r', plate: '', note: '', bars: [bar('a', at('2020-02-03T14:00:00+08:00'), at('2020-02-04T11:00:00+08:00'))] };
  expect(span([row], at('2020-02-03T10:00:00+08:00'))).toEqual([at('2020-02-03T00:00:00+08:00'), at('2020-02-05T00:00:00+08:00')]);
  expect(midnight(at('2020-02-03T00:00:00+08:00'))).toBe(at('2020-02-03T00:00:00+08:00'));
  const [from, to] = span([], at('2020-02-03T10:00:00+08:00'));
  expect(to - from).toBe(2 * DAY);
});

it('draws only what is in sight', () => {
  expect(visible(60, 0, 300, 50)).toEqual([0, 10]);
  expect(visible(60, 1000, 300, 50)).toEqual([16, 30]);
  expect(visible(3, 0, 300, 50)).toEqual([0, 3]);
});

it('covers no bar with another', () => {
  expect([...lanes([bar('b', 5, 9), bar('a', 0, 6), bar('c', 6, 8)])]).toEqual([['a', 0], ['b', 1], ['c', 0]]);
});

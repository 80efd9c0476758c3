import { expect, it } from 'vitest';
import type { Plan, PlanOption } from '../../api/shapes';
import { nextRow, place, planRows } from './moves';

const goods = (net: number) => ({ produce: 'leaf', net_grams: net });
const load = (allocation: string) => ({ allocation, goods: goods(0), to: { name: 'ward' } });
const trip = (capacity: string, depart: string, done: string, parts: [load: number, net: number][], locked = false) => ({ capacity, plate: capacity, type_name: 'T68', depart_at: depart, done_at: done, locked, parts: parts.map(([n, net]) => ({ load: n, goods: goods(net) })) });
const plan = { loads: [load('a'), load('b'), load('c')], trucks: ['k1', 'k2', 'k3'].map((capacity) => ({ capacity, plate: capacity, type_name: 'T68' })) } as unknown as Plan;
const option = {
  trips: [trip('k2', '2020-02-03T10:00:00+08:00', '2020-02-03T20:00:00+08:00', [[1, 5]], true), trip('k1', '2020-02-03T08:00:00+08:00', '2020-02-03T12:00:00+08:00', [[0, 3], [0, 4]])],
  unserved: [{ load: 2, grams: 9 }],
} as unknown as PlanOption;
const rows = planRows(plan, option);

it('gives a row to what stays behind, to trips by departure and to idle trucks; a load in two layers is one piece', () => {
  expect(rows.map((r) => [r.capacity, ...r.pieces.map((p) => p.load + p.grams)])).toEqual([['', 'c9'], ['k1', 'a7'], ['k2', 'b5'], ['k3']]);
});

it('walks over the own row and over locked trips, and stays at the ends', () => {
  const piece = rows[1]!.pieces[0]!;
  expect(nextRow(rows, piece, 'k1', 1)).toBe('k3');
  expect(nextRow(rows, piece, 'k3', 1)).toBe('k3');
  expect(nextRow(rows, piece, 'k3', -1)).toBe('');
});

it('lays the first departure at the left edge and the last arrival at the right', () => {
  const x = place(rows);
  expect([x('2020-02-03T08:00:00+08:00'), x('2020-02-03T14:00:00+08:00'), x('2020-02-03T20:00:00+08:00')]).toEqual([0, 50, 100]);
});

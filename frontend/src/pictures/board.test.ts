import { expect, it } from 'vitest';
import type { Capacity, Lot } from '../api/shapes';
import { counties } from './board';

const place = (adcode: string, name: string) => ({ adcode, name, point: { lon: 0, lat: 0 } });
const lot = (adcode: string, weighed: number, left: number, until?: string): Lot => ({
  id: adcode + weighed, party: 'p', produce: 'leaf', produce_name: 'leaf', created_at: '', weighed_grams: weighed, available_grams: left, place: place(adcode, adcode), ...(until && { good_until: until }),
});
const truck = (adcode: string, state: string) => ({ id: adcode + state, vehicle: 'v', carrier: 'c', return_to: '', place: place(adcode, adcode), from: '', until: '', price: { kind: 'per_trip', fen: 1 }, state }) as unknown as Capacity;
const now = Date.parse('2020-02-03T00:00:00+08:00');

it('counts tonnes in, stuck and rotting, and trucks that stand idle, most stuck first', () => {
  const got = counties(
    [lot('a', 500, 100, '2020-02-06'), lot('a', 300, 300, '2020-02-03'), lot('b', 900, 700)],
    [truck('a', 'live'), truck('a', 'taken'), truck('c', 'live')],
    now,
  );
  expect(got).toEqual([
    { adcode: 'b', name: 'b', in_grams: 900, stuck_grams: 700, rotting_grams: 0, idle_trucks: 0 },
    { adcode: 'a', name: 'a', in_grams: 800, stuck_grams: 400, rotting_grams: 300, idle_trucks: 1 },
    { adcode: 'c', name: 'c', in_grams: 0, stuck_grams: 0, rotting_grams: 0, idle_trucks: 1 },
  ]);
});

it('calls nothing rotting whose shelf life nobody knows', () => {
  expect(counties([lot('a', 5, 5)], [], now)[0]!.rotting_grams).toBe(0);
});

import { expect, it } from 'vitest';
import type { Trip } from '../../api/types';
import { calls, next } from './next';

const trip = (over: Partial<Trip> = {}): Trip => ({
  id: 't', state: 'confirmed', plate: '陕C·A1001',
  stops: [
    { id: '0', kind: 'load', place: { name: '凤翔', adcode: '610305' } },
    { id: '1', kind: 'unload', place: { name: '协和', adcode: '420103' } },
    { id: '2', kind: 'unload', place: { name: '中南', adcode: '420106' } },
  ],
  consignments: [
    { consignment: 'a', produce: '苹果', allocated_grams: 1_000_000, from_stop: '0', to_stop: '1' },
    { consignment: 'b', produce: '苹果', allocated_grams: 4_000_000, from_stop: '0', to_stop: '2' },
  ],
  ...over,
});
const path = (stop: number, act: string) => `/trips/t/stops/${stop}/${act}`;
const nextOf = (t: Trip, ...waiting: string[]) => {
  const n = next(calls(t, waiting));
  return n && `${n.call.index} ${n.step}`;
};

it('leads a driver through the stops, counting what still waits to be sent', () => {
  expect(nextOf(trip())).toBe('0 arrive');
  expect(nextOf(trip(), path(0, 'arrive'))).toBe('0 load');
  expect(nextOf(trip(), path(0, 'arrive'), path(0, 'load'))).toBe('0 depart');
  expect(nextOf(trip(), path(0, 'arrive'), path(0, 'load'), path(0, 'depart'))).toBe('1 arrive');
});

it('gives each stop its own goods', () => {
  expect(calls(trip(), []).map((c) => c.parts.map((p) => p.consignment).join(''))).toEqual(['ab', 'a', 'b']);
});

it('ends after the last delivery; the last stop needs no departure', () => {
  const t = trip();
  for (const stop of t.stops.slice(0, 2)) Object.assign(stop, { arrived_at: 'x', left_at: 'y', done: true });
  expect(nextOf(t)).toBe('2 arrive');
  expect(nextOf(t, path(2, 'arrive'), path(2, 'deliver'))).toBeNull();
});

it('counts a departure as the end of a stop, even when an arrival was never told', () => {
  const t = trip();
  t.stops[0]!.left_at = 'y';
  expect(nextOf(t)).toBe('1 arrive');
});

import { expect, it } from 'vitest';
import type { Trip } from '../../api/shapes';
import { calls, next } from './next';

const stop = (kind: string, name: string) => ({ kind, party: '', arrive_at: '', start_at: '', leave_at: '', place: { name, adcode: '', point: { lat: 0, lon: 0 } } });
const part = (id: string, unload: number) => ({ id, load_stop: 0, unload_stop: unload, planned_grams: 1_000_000, loaded_grams: 0 });
const trip = (...told: [stop: number, kind: string][]) => ({
  id: 't', state: 'confirmed',
  outline: { stops: [stop('load', '凤翔'), stop('unload', '协和'), stop('unload', '中南')] },
  consignments: [part('a', 1), part('b', 2)],
  events: told.map(([at, kind]) => ({ stop: at, kind, acted_at: '2020-02-03T14:00:00+08:00' })),
}) as unknown as Trip;
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
  expect(calls(trip(), []).map((c) => c.parts.map((p) => p.id).join(''))).toEqual(['ab', 'a', 'b']);
});

it('says where the goods of a stop go or come from, where it has several', () => {
  expect(calls(trip(), []).map((c) => c.ends)).toEqual([{ a: '协和', b: '中南' }, {}, {}]);
  const joined = trip();
  joined.outline.stops = [stop('load', '凤翔'), stop('load', '标角'), stop('unload', '协和')] as unknown as typeof joined.outline.stops;
  joined.consignments = [part('a', 2), { ...part('b', 2), load_stop: 1 }] as unknown as typeof joined.consignments;
  expect(calls(joined, []).map((c) => c.ends)).toEqual([{}, {}, { a: '凤翔', b: '标角' }]);
});

it('ends after the last delivery; the last stop needs no departure', () => {
  const t = trip([0, 'depart'], [1, 'depart']);
  expect(nextOf(t)).toBe('2 arrive');
  expect(nextOf(t, path(2, 'arrive'), path(2, 'deliver'))).toBeNull();
});

it('counts a departure as the end of a stop, even when an arrival was never told', () => {
  expect(nextOf(trip([0, 'depart']))).toBe('1 arrive');
});

it('says when the truck came and left', () => {
  expect(calls(trip([0, 'arrive']), [])[0]).toMatchObject({ came: '2020-02-03T14:00:00+08:00', left: '' });
});

it('waits for another arrival once the goods of a stop were sent elsewhere', () => {
  expect(nextOf(trip([0, 'depart'], [1, 'arrive']))).toBe('1 deliver');
  expect(nextOf(trip([0, 'depart'], [1, 'arrive'], [1, 'divert']))).toBe('1 arrive');
  expect(nextOf(trip([0, 'depart'], [1, 'arrive'], [1, 'divert'], [1, 'arrive']))).toBe('1 deliver');
});

it('counts people who got on or off as loaded and delivered', () => {
  expect(nextOf(trip([0, 'arrive'], [0, 'board']))).toBe('0 depart');
  expect(nextOf(trip([0, 'depart'], [1, 'arrive'], [1, 'alight']))).toBe('1 depart');
});

import { expect, it } from 'vitest';
import type { Trip } from '../../api/shapes';
import { legs, rows } from './rows';

const at = (clock: string) => `2020-02-05T${clock}:00+08:00`;
const outline = { vehicle: 'v1', plate: 'A1', type_name: 'T68', depart_at: at('08:00'), done_at: at('20:00') };
const relay = { vehicle: 'v2', plate: 'H1', type_name: 'T96-3', depart_at: at('14:00'), leave_at: at('16:00') };
const trip = (more: object) => ({ id: 't', state: 'confirmed', outline: { ...outline, ...more } }) as unknown as Trip;
const bars = (list: Trip[]) => rows(list, [], [], () => 'apples', 'free').map((r) => [r.plate, ...r.bars.map((b) => [new Date(b.from).toISOString(), new Date(b.to).toISOString()])]);
const utc = (clock: string) => new Date(at(clock)).toISOString();

it('gives each truck of a trip that changes trucks its own part of the time', () => {
  expect(bars([trip({})])).toEqual([['A1', [utc('08:00'), utc('20:00')]]]);
  expect(bars([trip({ relay })])).toEqual([['A1', [utc('08:00'), utc('16:00')]], ['H1', [utc('14:00'), utc('20:00')]]]);
});

it('draws the way over the station, each leg with the truck that drives it', () => {
  const stops = ['base', 'ward'].map((name) => ({ place: { name } }));
  const said = (more: object) => legs(trip({ stops, ...more }), 'apples').map((l) => [l.from.name, l.to.name, l.what]);
  expect(said({})).toEqual([['base', 'ward', 'A1 apples']]);
  expect(said({ relay: { ...relay, stop: 1, station: { name: 'station' } } })).toEqual([['base', 'station', 'A1 apples'], ['station', 'ward', 'H1 apples']]);
});

import { expect, it } from 'vitest';
import type { Trip } from '../../api/shapes';
import { address, body, reports, slot, type Who } from './reports';

const stop = (kind: string, party: string) => ({ kind, party, place: { name: party } });
const part = (id: string, unload: number, more: object = {}) => ({ id, produce: 'apple', load_stop: 0, unload_stop: unload, planned_grams: 2_000_000, on_truck_grams: 2_000_000, rejected_grams: 0, ...more });
const trip = (state: string, more: object = {}) => ({
  id: 't', state, outline: { stops: [stop('load', 'coop'), stop('unload', 'union'), stop('unload', 'zhongnan')] },
  consignments: [part('a', 1), part('b', 2)], events: [], ...more,
}) as unknown as Trip;
const nobody: Who = { plans: false, drives: false, operates: false, sells: () => false, receives: () => false };
const driver = { ...nobody, drives: true };
const dispatcher = { ...driver, plans: true };
const packer = { ...nobody, sells: (p: string) => p === 'coop' };
const ward = { ...nobody, receives: (p: string) => p === 'union' };
const offered = (t: Trip, who: Who) => reports(t, who).map((r) => (r.stop === undefined ? r.act : `${r.act}@${r.stop}`)).join(' ');

it('offers each part of a trip what it can report in each state', () => {
  expect(offered(trip('running'), nobody)).toBe('');
  expect(offered(trip('running'), driver)).toBe('temperatures breakdown');
  expect(offered(trip('breakdown'), driver)).toBe('repair temperatures');
  expect(offered(trip('at_hand_over', { hand_over: { yours: true } }), driver)).toBe('take-over');
  expect(offered(trip('at_hand_over', { hand_over: { yours: false } }), driver)).toBe('');
  expect(offered(trip('confirmed'), driver)).toBe('no-goods');
  expect(offered(trip('confirmed'), packer)).toBe('scan@0 no-show');
  expect(offered(trip('confirmed', { events: [{ kind: 'scan', stop: 0 }] }), packer)).toBe('no-show');
  expect(offered(trip('held'), ward)).toBe('check');
  expect(offered(trip('held'), { ...nobody, receives: (p) => p === 'elsewhere' })).toBe('');
  expect(offered(trip('running'), dispatcher)).toBe('temperatures breakdown hold divert@1 divert@2 return@1 return@2');
  expect(offered(trip('running', { diversion: { state: 'asked' } }), dispatcher)).not.toContain('divert');
  expect(offered(trip('running'), { ...nobody, operates: true })).toBe('lost');
  expect(offered(trip('done', { consignments: [part('a', 1, { on_truck_grams: 0, rejected_grams: 5000 })] }), packer)).toBe('take-back@1');
});

it('lets nobody divert or return what has left the truck', () => {
  expect(offered(trip('unloading', { consignments: [part('a', 1, { on_truck_grams: 0 }), part('b', 2)] }), dispatcher)).toBe('temperatures hold divert@2 return@2');
});

const now = '2020-02-04T08:00:00+08:00';
function sentOf(t: Trip, who: Who, act: string, ...typed: [name: string, value: string][]) {
  const report = reports(t, who).find((r) => r.act === act)!;
  const slots = report.fields.map(slot);
  for (const [name] of typed) expect(slots, name).toContain(name);
  return [address('t', report), body(report, Object.fromEntries(typed), now)];
}

it('sends what was typed, as the server wants it', () => {
  expect(sentOf(trip('running'), driver, 'breakdown', ['reason', ' 轮胎爆了 '])).toEqual(['/trips/t/breakdown', { reason: '轮胎爆了' }]);
  expect(sentOf(trip('running'), driver, 'temperatures', ['sensor', 'S1'], ['degrees', '-1,5'])).toEqual(['/trips/t/temperatures', { sensor: 'S1', readings: [{ at: now, temperature: -1.5 }] }]);
  expect(sentOf(trip('held'), ward, 'check', ['inspector', '李'], ['downgraded:a', '120'], ['bad:a', '软了'])).toEqual(
    ['/trips/t/check', { inspector: '李', lines: [{ consignment: 'a', downgraded: '120 kg', reason: '软了' }] }]);
  expect(sentOf(trip('confirmed'), packer, 'scan', ['packs:a', '100'], ['packs:b', '20'])).toEqual(
    ['/trips/t/stops/0/scan', { lines: [{ consignment: 'a', packs: 100 }, { consignment: 'b', packs: 20 }] }]);
  expect(sentOf(trip('running'), dispatcher, 'divert', ['demand:a', 'need'], ['reason', '满了'])).toEqual(['/trips/t/stops/1/divert', { demand: 'need', reason: '满了' }]);
  expect(sentOf(trip('running'), packer, 'return', ['received:a', '2000'])).toEqual(['/trips/t/stops/1/return', { lines: [{ consignment: 'a', received: '2000 kg' }] }]);
  expect(sentOf(trip('running'), packer, 'return', ['received:a', '1900'], ['lost:a', 'rot'])).toEqual(['/trips/t/stops/1/return', { lines: [{ consignment: 'a', received: '1900 kg', lost_cause: 'rot' }] }]);
  const done = trip('done', { consignments: [part('a', 1, { on_truck_grams: 0, rejected_grams: 90_000 }), part('c', 1, { on_truck_grams: 0, rejected_grams: 9_000 })] });
  expect(sentOf(done, packer, 'take-back', ['weight:a', '60'], ['grade:a', '统货'], ['weight:c', '9'])).toEqual(
    ['/trips/t/stops/1/take-back', { lines: [{ consignment: 'a', weight: '60 kg', grade: '统货' }, { consignment: 'c', weight: '9 kg', destroyed: true }] }]);
  expect(sentOf(trip('running'), { ...nobody, operates: true }, 'lost', ['report', 'B1'])).toEqual(['/trips/t/lost', { cause: 'missing', report: 'B1' }]);
});

it('lets a coach report who got on and off, by everybody\'s temperature and seat', () => {
  const coach = (state: string, ...told: [kind: string, stop: number][]) => trip(state, { consignments: [{ ...part('g', 1), produce: '', planned_people: 3, on_truck_grams: 0 }], events: told.map(([kind, stop]) => ({ kind, stop })) });
  expect(offered(coach('loading'), driver)).toBe('board@0 no-goods');
  expect(offered(coach('running', ['board', 0]), driver)).toBe('alight@1 breakdown');
  expect(offered(coach('unloading', ['board', 0]), ward)).toBe('alight@1');
  expect(offered(coach('done', ['board', 0], ['alight', 1]), driver)).toBe('');
  expect(sentOf(coach('loading'), driver, 'board', ['officer', '周'], ['fevers:g', '36.5 36，8  37'])).toEqual(['/trips/t/stops/0/board', { officer: '周', riders: [
    { consignment: 'g', seat: 1, temperature: 36.5 }, { consignment: 'g', seat: 2, temperature: 36.8 }, { consignment: 'g', seat: 3, temperature: 37 }] }]);
  expect(sentOf(coach('running'), driver, 'alight', ['people:g', '2'], ['missing:g', '在徐州下了车'])).toEqual(['/trips/t/stops/1/alight', { lines: [{ consignment: 'g', people: 2, reason: '在徐州下了车' }] }]);
});

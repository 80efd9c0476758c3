// What may be reported of a trip beside its stops: by whom, in which state, and what has to be said. The server decides; here stands only
// what is worth offering.

import { items, type Trip, type TripPart } from '../../api/shapes';
import { grams, sent } from '../../lib/amount';

export type Kind = 'text' | 'kg' | 'degrees' | 'count' | 'cause' | 'loss' | 'need' | 'fevers';

/** One thing to say, of one consignment or of the whole. */
export interface Field {
  name: string;
  kind: Kind;
  part?: TripPart;
  optional?: boolean;
}

export interface Report {
  act: string;
  /** At which stop; undefined for the whole trip. */
  stop?: number;
  fields: Field[];
  /** A driver's: it is written down on the phone and sent when the network lets it. */
  later?: boolean;
}

/** What the person may do, as far as the pages know. */
export interface Who {
  plans: boolean;
  drives: boolean;
  operates: boolean;
  sells: (party: string) => boolean;
  receives: (party: string) => boolean;
}

const road = ['running', 'handed_over'];
const onTheWay = ['loading', 'running', 'at_hand_over', 'handed_over', 'breakdown', 'held', 'unloading'];

const reason: Field = { name: 'reason', kind: 'text' };
const said = (f: Field): Field => ({ ...f, optional: true });
/** Where a value of a field is kept. */
export const slot = (f: Field) => (f.part ? `${f.name}:${f.part.id}` : f.name);

/** The reports that fit a trip as it stands, the most pressing first. */
export function reports(trip: Trip, who: Who): Report[] {
  const is = (...states: string[]) => states.includes(trip.state);
  const stops = items(trip.outline.stops);
  const parts = items(trip.consignments);
  const sells = who.plans || stops.some((s) => s.kind === 'load' && who.sells(s.party));
  const out: Report[] = [];
  const offer = (when: boolean, report: Report) => when && out.push(report);

  offer(trip.hand_over?.yours === true, { act: 'take-over', fields: [], later: true });
  offer(is('breakdown') && who.drives, { act: 'repair', fields: [], later: true });
  offer(is('held') && (who.plans || stops.some((s) => s.kind === 'unload' && who.receives(s.party))), { act: 'check', fields: [{ name: 'inspector', kind: 'text' }, ...parts.filter(onTruck).flatMap(checked)] });
  for (const [stop, s] of stops.entries()) {
    const counted = items(trip.events).some((e) => e.kind === 'scan' && e.stop === stop);
    offer(s.kind === 'load' && who.sells(s.party) && is('confirmed', 'loading', 'running') && !counted, { act: 'scan', stop, fields: parts.filter((p) => p.load_stop === stop).map((part) => ({ name: 'packs', kind: 'count', part })) });
  }
  for (const [stop, s] of stops.entries()) {
    const people = parts.filter((p) => p.planned_people && (s.kind === 'load' ? p.load_stop : p.unload_stop) === stop);
    const got = (kind: string) => items(trip.events).some((e) => e.kind === kind && e.stop === stop);
    offer(people.length > 0 && s.kind === 'load' && who.drives && is('confirmed', 'loading', 'running') && !got('board'), { act: 'board', stop, fields: [{ name: 'officer', kind: 'text' }, ...people.map((part): Field => ({ name: 'fevers', kind: 'fevers', part }))] });
    offer(people.length > 0 && s.kind === 'unload' && (who.drives || who.receives(s.party)) && is(...road, 'unloading') && !got('alight'), { act: 'alight', stop, fields: people.flatMap((part): Field[] => [{ name: 'people', kind: 'count', part }, { name: 'missing', kind: 'text', part, optional: true }]) });
  }
  offer(is('loading', ...road, 'unloading', 'held', 'breakdown') && who.drives && parts.some((p) => !p.planned_people), { act: 'temperatures', fields: [{ name: 'sensor', kind: 'text' }, { name: 'degrees', kind: 'degrees' }], later: true });
  offer(is(...road) && who.drives, { act: 'breakdown', fields: [reason], later: true });
  offer(is('confirmed', 'loading') && who.drives, { act: 'no-goods', fields: [reason], later: true });
  offer(is('confirmed') && sells, { act: 'no-show', fields: [reason] });
  offer(is('loading', ...road, 'unloading') && who.plans, { act: 'hold', fields: [reason] });
  for (const [stop] of stops.entries()) {
    const aboard = parts.filter((p) => p.unload_stop === stop && onTruck(p));
    offer(is(...onTheWay) && who.plans && aboard.length > 0 && trip.diversion?.state !== 'asked', { act: 'divert', stop, fields: [{ name: 'demand', kind: 'need', part: aboard[0] }, reason] });
  }
  for (const [stop] of stops.entries()) {
    const here = parts.filter((p) => p.unload_stop === stop);
    offer(is(...road, 'breakdown', 'held', 'unloading') && sells && here.some(onTruck), { act: 'return', stop, fields: here.filter(onTruck).flatMap((part) => [{ name: 'received', kind: 'kg' as const, part }, { name: 'lost', kind: 'loss' as const, part }]) });
    const refused = here.filter((p) => p.rejected_grams > 0);
    offer(is('unloading', ...road, 'done') && sells && refused.length > 0, { act: 'take-back', stop, fields: [...refused.flatMap(takenBack), said(reason)] });
  }
  offer(is('reserved', 'lapsed', 'confirmed') && who.plans, { act: 'cancel', fields: [reason] });
  offer(is('running', 'at_hand_over', 'handed_over', 'breakdown', 'held') && who.operates, { act: 'lost', fields: [{ name: 'cause', kind: 'cause' }, { name: 'report', kind: 'text' }, said(reason)] });
  return out;
}

const onTruck = (p: TripPart) => p.on_truck_grams > 0;
const checked = (part: TripPart): Field[] => [{ name: 'downgraded', kind: 'kg', part, optional: true }, { name: 'condemned', kind: 'kg', part, optional: true }, { name: 'bad', kind: 'text', part, optional: true }];
const takenBack = (part: TripPart): Field[] => [{ name: 'weight', kind: 'kg', part, optional: true }, { name: 'grade', kind: 'text', part, optional: true }];

/** What is sent for a report, of what was typed in its slots. */
export function body(report: Report, typed: Record<string, string>, now: string): Record<string, unknown> {
  const of = (part: TripPart, name: string) => (typed[`${name}:${part.id}`] ?? '').trim();
  const some = (part: TripPart, name: string, as = name) => (of(part, name) ? { [as]: of(part, name) } : {});
  const weight = (part: TripPart, name: string) => (of(part, name) ? { [name]: sent(of(part, name), 'kg') } : {});
  const parts = [...new Set(report.fields.flatMap((f) => f.part ?? []))];
  const why = typed.reason?.trim() ? { reason: typed.reason.trim() } : {};
  switch (report.act) {
    case 'check': {
      const lines = parts.map((p) => ({ consignment: p.id, ...weight(p, 'downgraded'), ...weight(p, 'condemned'), ...some(p, 'bad', 'reason') }));
      return { inspector: typed.inspector, lines: lines.filter((l) => Object.keys(l).length > 1) };
    }
    case 'scan':
      return { lines: parts.map((p) => ({ consignment: p.id, packs: Number(of(p, 'packs')) })) };
    case 'board': {
      const riders = parts.flatMap((p) => of(p, 'fevers').split(/[\s、;；]+/).filter(Boolean).map((said) => ({ consignment: p.id, temperature: Number(said.replace(/[，,]/, '.')) })));
      return { officer: typed.officer, riders: riders.map((r, n) => ({ ...r, seat: n + 1 })) };
    }
    case 'alight':
      return { lines: parts.map((p) => ({ consignment: p.id, people: Number(of(p, 'people')), ...some(p, 'missing', 'reason') })) };
    case 'temperatures':
      return { sensor: typed.sensor, readings: [{ at: now, temperature: Number((typed.degrees ?? '').replace(/[，,]/, '.')) }] };
    case 'return':
      return { lines: parts.map((p) => ({ consignment: p.id, ...weight(p, 'received'), ...((grams(of(p, 'received'), 'kg') ?? 0) < p.on_truck_grams && { lost_cause: of(p, 'lost') || 'missing' }) })) };
    case 'take-back':
      return { ...why, lines: parts.filter((p) => of(p, 'weight')).map((p) => ({ consignment: p.id, ...weight(p, 'weight'), ...(of(p, 'grade') ? { grade: of(p, 'grade') } : { destroyed: true }) })) };
    case 'lost':
      return { cause: typed.cause || 'missing', report: typed.report, ...why };
    case 'divert':
      return { demand: parts.map((p) => of(p, 'demand'))[0], ...why };
  }
  return why;
}

/** Where a report goes. */
export const address = (trip: string, report: Report) => `/trips/${trip}/${report.stop === undefined ? '' : `stops/${report.stop}/`}${report.act}`;

// What a driver can do next at each stop: from what the server knows and what still waits on the device.

import { items, type Trip, type TripEvent, type TripPart, type TripStop } from '../../api/shapes';

export type Step = 'arrive' | 'load' | 'depart' | 'deliver';

/** A stop with what was done there, here or on the server. */
export interface Call {
  stop: TripStop;
  index: number;
  done: Set<Step>;
  parts: TripPart[];
  /** Where each part goes or comes from, by its id; none where the stop has one part only. */
  ends: Record<string, string>;
  /** When the truck came and left, as reported; "" when it did not. */
  came: string;
  left: string;
}

/** The calls of a trip; waiting are the paths of acts not yet sent. */
export function calls(trip: Trip, waiting: string[]): Call[] {
  const all = items(trip.events);
  const events = all.filter((e, n) => !all.slice(n).some((later) => later.kind === 'divert' && later.stop === e.stop)); // it came to another place
  const stops = items(trip.outline.stops);
  return stops.map((stop, index) => {
    const loads = stop.kind === 'load';
    const parts = items(trip.consignments).filter((p) => (loads ? p.load_stop : p.unload_stop) === index);
    return {
      stop, index, parts,
      done: new Set([...reported(events, index), ...unsent(waiting, index)]),
      ends: parts.length > 1 ? Object.fromEntries(parts.map((p) => [p.id, stops[loads ? p.unload_stop : p.load_stop]?.place.name ?? ''])) : {},
      came: at(events, index, 'arrive'),
      left: at(events, index, 'depart'),
    };
  });
}

/** Of people. */
const steps: Record<string, Step> = { board: 'load', alight: 'deliver' };
const reported = (events: TripEvent[], stop: number) => events.filter((e) => e.stop === stop).map((e) => steps[e.kind] ?? (e.kind as Step));
const at = (events: TripEvent[], stop: number, kind: Step) => events.find((e) => e.stop === stop && e.kind === kind)?.acted_at ?? '';

const unsent = (waiting: string[], stop: number) => waiting.flatMap((path) => (path.match(`/stops/${stop}/(arrive|load|depart|deliver)$`)?.[1] ?? []) as Step | []);

/** The stop where something is left to do and what comes next there; null when the trip is done. */
export function next(all: Call[]): { call: Call; step: Step } | null {
  for (const [i, call] of all.entries()) {
    const last = i === all.length - 1;
    const steps: Step[] = call.stop.kind === 'load' ? ['arrive', 'load', 'depart'] : last ? ['arrive', 'deliver'] : ['arrive', 'deliver', 'depart'];
    if (call.done.has('depart')) continue;
    const step = steps.find((s) => !call.done.has(s));
    if (step) return { call, step };
  }
  return null;
}

/** What of a part is on the truck, or is to be, in grams. */
export const aboard = (p: TripPart) => p.loaded_grams || p.planned_grams;

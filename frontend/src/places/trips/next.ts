// What a driver can do next at each stop: from what the server knows and what still waits on the device.

import type { Trip, TripPart, TripStop } from '../../api/types';

export type Step = 'arrive' | 'load' | 'depart' | 'deliver';

/** A stop with what was done there, here or on the server. */
export interface Call {
  stop: TripStop;
  index: number;
  done: Set<Step>;
  parts: TripPart[];
}

/** The last part of a stop's address: its own id where it has one, else its place in the row. */
export function stopID(stop: TripStop, index: number): string {
  return stop.id ?? String(index);
}

/** The calls of a trip; waiting are the paths of acts not yet sent. */
export function calls(trip: Trip, waiting: string[]): Call[] {
  return trip.stops.map((stop, index) => {
    const id = stopID(stop, index);
    const parts = trip.consignments.filter((p) => (stop.kind === 'load' ? p.from_stop : p.to_stop) === id);
    const done = new Set<Step>();
    if (stop.arrived_at) done.add('arrive');
    if (stop.left_at) done.add('depart');
    if (stop.done || (parts.length && parts.every((p) => (stop.kind === 'load' ? p.loaded_grams !== undefined : p.received_grams !== undefined)))) {
      done.add(stop.kind === 'load' ? 'load' : 'deliver');
    }
    for (const path of waiting) {
      const found = /\/stops\/([^/]+)\/(arrive|load|depart|deliver)$/.exec(path);
      if (found && found[1] === id) done.add(found[2] as Step);
    }
    return { stop, index, done, parts };
  });
}

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

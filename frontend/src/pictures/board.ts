// What a county's board counts, from the lots, loads and free trucks the server tells of.

import type { Capacity, Lot, Place } from '../api/shapes';

export interface County {
  adcode: string;
  name: string;
  /** All that was weighed in. */
  in_grams: number;
  /** Of it what nobody has taken. */
  stuck_grams: number;
  /** Of that what is past its shelf life within two days. */
  rotting_grams: number;
  /** Trucks that are free now and have no load. */
  idle_trucks: number;
}

/** Two days, in milliseconds: fresh goods that are not on the road by then are lost for a far ward. */
const SOON = 2 * 24 * 3600 * 1000;

/** The counties with something in them, most stuck first. */
export function counties(lots: Lot[], trucks: Capacity[], now: number): County[] {
  const all = new Map<string, County>();
  const of = (place: Place) => {
    const found = all.get(place.adcode) ?? { adcode: place.adcode, name: place.name, in_grams: 0, stuck_grams: 0, rotting_grams: 0, idle_trucks: 0 };
    all.set(place.adcode, found);
    return found;
  };
  for (const lot of lots) {
    const county = of(lot.place);
    county.in_grams += lot.weighed_grams;
    county.stuck_grams += lot.available_grams;
    if (spoilt(lot) - now <= SOON) county.rotting_grams += lot.available_grams;
  }
  for (const truck of trucks) if (!truck.state || truck.state === 'live') of(truck.place).idle_trucks++;
  return [...all.values()].sort((a, b) => b.stuck_grams - a.stuck_grams || a.adcode.localeCompare(b.adcode));
}

/** When the lot's shelf life is over; never, when nobody knows. */
function spoilt(lot: Lot): number {
  return lot.good_until ? Date.parse(lot.good_until + 'T00:00:00+08:00') : Infinity;
}

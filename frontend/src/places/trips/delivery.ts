// One line of a delivery as it is typed, in kilograms.

import type { TripPart } from '../../api/shapes';
import { grams } from '../../lib/amount';

export interface Row {
  received: string;
  rejected: string;
  reason: string;
  cause: string;
  gap: string;
}

export const blank: Row = { received: '', rejected: '', reason: '', cause: 'moisture', gap: '' };

/** Grams that are on the truck by the ramp's scale and did not come in; below zero when more came in; 0 while nothing is typed. */
export function missing(part: TripPart, row: Row): number {
  const got = grams(row.received, 'kg');
  return got === null || !part.loaded_grams ? 0 : part.loaded_grams - got;
}

/** Less than half came in: the server asks why. */
export const gap = (part: TripPart, row: Row) => missing(part, row) * 2 > part.loaded_grams;

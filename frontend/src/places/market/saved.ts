// A search that is kept, and the address of the market that asks it again.

import type { SavedSearch } from '../../api/shapes';

/** What a search keeps of the market's address; the order, the page and the ticks are of the moment. */
const kept = ['q', 'kinds', 'to', 'radius', 'weight', 'produce', 'grade', 'area', 'packing', 'price', 'age', 'certified', 'relief', 'cold'] as const;

type Fields = SavedSearch['query'];

/** The fields of the address that a search keeps. */
export function fieldsOf(asked: URLSearchParams): Fields {
  const out: Record<string, string | number | boolean> = {};
  for (const name of kept) {
    const value = asked.get(name)?.trim();
    if (!value) continue;
    if (name === 'radius') out[name] = Number(value);
    else if (name === 'certified' || name === 'relief' || name === 'cold') out[name] = value === 'true';
    else out[name] = value;
  }
  return out;
}

/** The address that asks a kept search. */
export function addressOf(fields: Fields): string {
  const out = new URLSearchParams();
  for (const name of kept) if (fields[name]) out.set(name, String(fields[name]));
  return '/search?' + out;
}

/** A search that narrows nothing is not worth keeping. */
export const narrows = (fields: Fields) => Object.keys(fields).some((name) => name !== 'to' && name !== 'weight');

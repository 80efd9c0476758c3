// The filters of the market: a facet that the server counts, and the name under which the address carries it.

import type { Found } from '../../api/shapes';
import { items } from '../../api/shapes';
import { word } from '../../lib/i18n.svelte';

const names: Record<string, string> = { kind: 'kinds', county: 'area', harvest: 'age' };

/** The filters that the address may carry, beside the distance. */
export const filters = ['kinds', 'produce', 'grade', 'area', 'packing', 'price', 'age', 'certified', 'relief', 'cold'];

/** The filter behind a facet. */
export const filterOf = (facet: string) => names[facet] ?? facet;

/** What a facet's value is called in the address: a quality is there or is not. */
export const valueOf = (value: string) => (value === 'yes' ? 'true' : value);

/** What a filter's value is called, as the server or else the catalogue has it. */
export function labelOf(found: Found, filter: string, value: string): string {
  const facet = items(found.facets).find((f) => filterOf(f.name) === filter);
  const label = items(facet?.values).find((v) => valueOf(v.value) === value)?.label;
  return label || (filter === 'kinds' ? word('kind', value) : word('facet_value', value === 'true' ? 'yes' : value));
}

/** A comma list with one value put in or taken out. */
export function switched(list: string | null, value: string): string {
  const have = (list ?? '').split(',').filter(Boolean);
  return (have.includes(value) ? have.filter((v) => v !== value) : [...have, value]).join(',');
}

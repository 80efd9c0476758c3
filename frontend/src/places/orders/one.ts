import { every, get } from '../../api/server';
import type { Demand, Offer } from '../../api/shapes';
import type { Unit } from '../../lib/amount';

/** Where an order of one offer is kept while it is typed, and what it is at first. */
export const draftOf = (offer: string) => 'order:' + offer;
export const emptyOrder = (campaign: string) => ({ buyer: '', campaign, amount: '', unit: 'kg' as Unit, to: {} as Record<string, string> });

/** The needs that an order of this offer can be for. */
export async function needsFor(offer: Offer): Promise<Demand[]> {
  const open = await every((after) => get('/demands', { query: { produce: offer.produce, open: true, after } }));
  return open.filter((d) => ['verified', 'part_met'].includes(d.state));
}

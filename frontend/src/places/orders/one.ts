import { every, get, Problem, type Body } from '../../api/server';
import { items, type Demand, type Offer, type Order } from '../../api/shapes';
import type { Unit } from '../../lib/amount';

/** Where an order of one offer is kept while it is typed, and what it is at first. */
export const draftOf = (offer: string) => 'order:' + offer;
export const emptyOrder = (campaign: string) => ({ buyer: '', campaign, amount: '', unit: 'kg' as Unit, to: {} as Record<string, string>, share: null as Shared | null });

/** The fair share that an order comes from, to be kept with it. */
export type Shared = NonNullable<NonNullable<Body<'/orders'>['lines']>[number]['share']>;

/** The needs that an order of an offer, or more of a line's goods, can be for. */
export async function needsFor(of: Pick<Offer, 'produce'>): Promise<Demand[]> {
  const open = await every((after) => get('/demands', { query: { produce: of.produce, open: true, after } }));
  return open.filter((d) => ['verified', 'part_met'].includes(d.state));
}

export type Line = NonNullable<Order['lines']>[number];
export type Part = NonNullable<Line['to']>[number];

/** What of a line goes nowhere yet, in grams. */
export const free = (line: Line) => line.grams - items(line.to).reduce((sum, a) => sum + a.grams, 0);

/** The lines of an order with goods that go nowhere yet. */
export const unassigned = (order: Order) => items(order.lines).filter((l) => free(l) > 0);

/** The parts of an order that are for needs of these parties. */
export const ownParts = (order: Order, parties: string[]) => items(order.lines).flatMap((l) => items(l.to)).filter((a) => a.grams > 0 && parties.includes(a.receiver));

const CHANGED = /\/offer_(changed|repriced|minimum_changed)$/;

/** For the catch of an act on offers at terms that were read: where their seller changed one since, they are read again, and the problem goes on. */
export const rereads = (again: () => Promise<void>) => async (e: unknown): Promise<never> => {
  if (e instanceof Problem && CHANGED.test(e.type)) await again();
  throw e;
};

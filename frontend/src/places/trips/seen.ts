// A trip as the server tells it, or, without a network, as it was when the network was last there.

import { get, Problem } from '../../api/server';
import type { Trip } from '../../api/shapes';

export interface Seen {
  trip: Trip;
  /** As it was when the network was last there. */
  old: boolean;
}

const kept = (id: string) => 'trip:' + id;

export async function seen(id: string): Promise<Seen> {
  try {
    return { trip: await get('/trips/{id}', { path: { id } }), old: false };
  } catch (e) {
    const last = localStorage.getItem(kept(id));
    if (!last || !(e instanceof Problem) || e.status !== 0) throw e;
    return { trip: JSON.parse(last), old: true };
  }
}

export function keep({ trip, old }: Seen) {
  if (!old) localStorage.setItem(kept(trip.id), JSON.stringify(trip));
}

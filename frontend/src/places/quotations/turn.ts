import type { Quotation } from '../../api/shapes';

/** Whose word is awaited: the seller's when asked or countered, the buyer's when a price is on the table. */
export function turnOf(q: Pick<Quotation, 'state'>): 'seller' | 'buyer' | null {
  if (q.state === 'asked' || q.state === 'countered') return 'seller';
  return q.state === 'offered' ? 'buyer' : null;
}

type Sides = Pick<Quotation, 'state' | 'seller' | 'buyer'>;

/** One of these parties has to answer. */
export function myTurn(q: Sides, parties: string[]): boolean {
  const side = turnOf(q);
  return side !== null && parties.includes(q[side]);
}

/** One of these parties spoke last, and may take that back as long as nobody answered. */
export function myWord(q: Sides, parties: string[]): boolean {
  const side = turnOf(q);
  return side !== null && parties.includes(q[side === 'seller' ? 'buyer' : 'seller']);
}

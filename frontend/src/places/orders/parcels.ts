// An order's goods as they are packed: per receiver, in the packs of the lot they come from.

import { items, type Lot, type Order } from '../../api/shapes';

export interface ParcelRow {
  name: string;
  grams: number;
  /** Whole packs, rounded up; 0 for loose goods. */
  packs: number;
  /** Nominal weight of a pack. */
  each: number;
  packing: string;
  certificate: string;
}

/** What goes to one receiver. */
export interface Parcel {
  /** The need it is for, or "" for goods that go to the buyer. */
  to: string;
  name: string;
  grams: number;
  rows: ParcelRow[];
}

/** One parcel for each receiver; what is not allotted goes to the buyer. */
export function parcels(order: Order, lots: Lot[]): Parcel[] {
  const all = new Map<string, Parcel>();
  const put = (to: string, name: string, row: ParcelRow) => {
    const parcel = all.get(to) ?? { to, name, grams: 0, rows: [] };
    parcel.grams += row.grams;
    parcel.rows.push(row);
    all.set(to, parcel);
  };
  for (const line of items(order.lines)) {
    const lot = lots.find((l) => l.id === line.lot);
    const each = lot?.pack_grams ?? 0;
    const row = (grams: number): ParcelRow => ({
      name: [line.produce_name, line.grade].filter(Boolean).join(' '), grams, packs: each ? Math.ceil(grams / each) : 0, each,
      packing: lot?.packing ?? '', certificate: lot?.certificate ?? '',
    });
    const to = items(line.to);
    for (const a of to) if (a.grams > 0) put(a.demand, a.receiver_name, row(a.grams));
    const rest = line.grams - to.reduce((sum, a) => sum + a.grams, 0);
    if (rest > 0) put('', order.buyer_name, row(rest));
  }
  return [...all.values()];
}

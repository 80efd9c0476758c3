import { describe, expect, it } from 'vitest';
import { Problem } from '../../api/server';
import type { Order } from '../../api/shapes';
import { free, ownParts, rereads, unassigned } from './one';

const part = (receiver: string, grams: number) => ({ id: receiver, demand: 'need of ' + receiver, receiver, receiver_name: receiver, grams });
const order = { lines: [
  { id: 'a', grams: 500, to: [part('union', 300), part('canteen', 200)] },
  { id: 'b', grams: 400, to: [part('union', 0), part('canteen', 150)] },
  { id: 'c', grams: 100, to: null },
] } as unknown as Order;

describe('an open order', () => {
  it('has goods without a destination where the parts of a line are less than the line', () => {
    expect(order.lines!.map(free)).toEqual([0, 250, 100]);
    expect(unassigned(order).map((l) => l.id)).toEqual(['b', 'c']);
  });

  it('has what is for my needs, but not what they refused already', () => {
    expect(ownParts(order, ['union', 'other']).map((a) => a.grams)).toEqual([300]);
    expect(ownParts(order, [])).toEqual([]);
  });
});

describe('an act at terms that were read', () => {
  const after = async (e: unknown) => {
    let read = 0;
    await expect(rereads(async () => void read++)(e)).rejects.toBe(e);
    return read;
  };
  it('reads them again where the seller changed the offer, and passes every problem on', async () => {
    for (const code of ['offer_changed', 'offer_repriced', 'offer_minimum_changed']) expect(await after(new Problem(409, '/problems/' + code, '', 'offer')), code).toBe(1);
    for (const e of [new Problem(409, '/problems/offer_not_open', '', 'offer'), new Problem(409, '/problems/terms_changed', '', ''), new Error('offline')]) expect(await after(e)).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { blank, bodyOf, depositOf } from './offering';

describe('an offer as it is sent', () => {
  it('is short when only the price was said', () => {
    expect(bodyOf('l', { ...blank, price: '3' })).toEqual({ lot: 'l', price: '3元/斤' });
    expect(depositOf(blank)).toBeNull();
  });

  it('has every condition in the units that were chosen', () => {
    const tiers = [{ from: '５', unit: 't' as const, price: '5.8' }, { from: '10,000', unit: 'kg' as const, price: '5.5' }];
    expect(bodyOf('l', { ...blank, price: '6', per: 'kg', min: '1', minUnit: 't', benefit: '0.1', tiers, orderFrom: '2020-02-02T08:00', until: '2020-02-09T18:00', moisture: '1.5', bearer: 'seller', poverty: true })).toEqual({
      lot: 'l', price: '6元/公斤', min_weight: '1 t', benefit: '0.1元/斤', tiers: [{ from: '5 t', price: '5.8元/公斤' }, { from: '10000 kg', price: '5.5元/公斤' }],
      orders: { from: '2020-02-02T08:00:00+08:00' }, until: '2020-02-09T18:00:00+08:00', loss: { moisture_per_mille: 15, bearer: 'seller' }, poverty: true,
    });
  });

  it('tells "nothing may dry out" from "nothing was said"', () => {
    expect(bodyOf('l', { ...blank, price: '3', moisture: '0' }).loss).toEqual({ moisture_per_mille: 0, bearer: 'carrier' });
    expect(bodyOf('l', { ...blank, price: '3', bearer: 'seller' }).loss).toEqual({ moisture_per_mille: -1, bearer: 'seller' });
  });

  it('of a gift has no price, whatever was typed before', () => {
    const f = { ...blank, gift: true, price: '3', benefit: '1', buyerDeposit: '10', tiers: [{ from: '5', unit: 't' as const, price: '2' }] };
    expect(bodyOf('l', f)).toEqual({ lot: 'l', gift: true });
    expect(depositOf(f)).toBeNull();
  });

  it('asks for deposits in thousandths', () => {
    expect(depositOf({ ...blank, buyerDeposit: '10', depositFrom: '1', depositUnit: 't' })).toEqual({ buyer_permille: 100, seller_permille: 0, from_weight: '1 t' });
  });
});

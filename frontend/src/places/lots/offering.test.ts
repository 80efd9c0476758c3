import { describe, expect, it } from 'vitest';
import type { Offer } from '../../api/shapes';
import { blank, bodyOf, depositOf, termsOf, typedOf } from './offering';

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

  it('is sent again as it was when nothing is changed in its form', () => {
    const offer = {
      price_e4: 57_001, gift: false, benefit_e4: 2_001, min_grams: 1_500_500, tiers: [{ from_grams: 5_000_000, price_e4: 55_000 }], poverty: true,
      pickup: { from: '2020-02-03T06:00:00+08:00' }, orders: { to: '2020-02-08T18:00:30+08:00' }, until: '2020-02-09T18:00:00+08:00', loss: { moisture_per_mille: 15, bearer: 'seller' },
    } as Offer;
    expect(termsOf(typedOf(offer))).toEqual({
      price: '2.85005元/斤', benefit: '0.10005元/斤', min_weight: '1500.5 kg', tiers: [{ from: '5000 kg', price: '2.75元/斤' }], poverty: true,
      pickup: { from: '2020-02-03T06:00:00+08:00' }, orders: { to: '2020-02-08T18:00:30+08:00' }, until: '2020-02-09T18:00:00+08:00', loss: { moisture_per_mille: 15, bearer: 'seller' },
    });
    const gift = { ...offer, gift: true, price_e4: 0, benefit_e4: 0, tiers: [], min_grams: 0, poverty: false, pickup: {}, orders: {}, until: undefined, loss: { moisture_per_mille: -1, bearer: 'carrier' } } as unknown as Offer;
    expect(termsOf(typedOf(gift))).toEqual({ gift: true });
  });

  it('asks for deposits in thousandths', () => {
    expect(depositOf({ ...blank, buyerDeposit: '10', depositFrom: '1', depositUnit: 't' })).toEqual({ buyer_permille: 100, seller_permille: 0, from_weight: '1 t' });
  });
});

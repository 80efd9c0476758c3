import { describe, expect, it } from 'vitest';
import type { Lot, Offer } from '../../api/shapes';
import { formOf, spoken, tenths } from './listing';

describe('the last lot as a pattern', () => {
  it('is filled in with the amounts and the price it had', () => {
    const lot = { party: 'p', produce_name: '苹果', grade: '富士80', weighed_grams: 10_032_000, packing: 'box', packs: 1672, pack_grams: 6000, place: { name: '凤翔', adcode: '610322' } } as Lot;
    const form = formOf(lot, { price_e4: 60_000, gift: false } as Offer);
    expect([form.produce, form.grade, form.amount, form.unit, form.packs, form.packAmount, form.price, form.per, form.adcode]).toEqual(['苹果', '富士80', '10032', 'kg', '1672', '6', '6', 'kg', '610322']);
    expect([form.photo, form.harvested, form.line, form.byLine]).toEqual(['', '', '', false]);
  });
  it('is kept as warm as the last one, where that was told', () => {
    const lot = { produce_name: '葱', weighed_grams: 500, place: {} } as Lot;
    expect([formOf(lot, undefined).degrees, formOf({ ...lot, stored_tenths: 0 }, undefined).degrees, formOf({ ...lot, stored_tenths: -15 }, undefined).degrees]).toEqual(['', '0', '-1.5']);
    expect(['0', '-1.5', '−1.5', '4.3'].map(tenths)).toEqual([0, -15, -15, 43]);
  });
  it('of a gift has no price', () => expect(formOf({ produce_name: '葱', weighed_grams: 500, place: {} } as Lot, { price_e4: 0, gift: true } as Offer)).toMatchObject({ gift: true, price: '', packing: 'loose' }));
  it('comes from a line as it was understood', () => {
    expect(spoken({ produce_name: '苹果', weight_grams: 3_000_000, price_e4: 60_000 } as never)).toMatchObject({ produce: '苹果', amount: '3000', unit: 'kg', price: '6', packing: 'loose' });
  });
});

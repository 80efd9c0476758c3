// An offer as it is typed, and as it is sent.

import type { Body } from '../../api/server';
import { items, type Offer } from '../../api/shapes';
import { plain, sent, type Unit } from '../../lib/amount';
import { decimal } from '../../lib/quantity';
import { inChina, local } from '../../lib/time';

/** A lower price from a weight on. */
export interface TierForm {
  from: string;
  unit: Unit;
  price: string;
}

export const blank = {
  gift: false, price: '', per: 'jin' as 'jin' | 'kg', benefit: '', min: '', minUnit: 'jin' as Unit, from: '', to: '', poverty: false,
  tiers: [] as TierForm[], orderFrom: '', orderTo: '', until: '', moisture: '', bearer: 'carrier' as 'carrier' | 'seller', ahead: '',
  buyerDeposit: '', sellerDeposit: '', depositFrom: '', depositUnit: 'jin' as Unit,
};

export type OfferTyped = typeof blank;

/** How many steps a price may have. */
export const mostTiers = 10;

/** A price as the server reads it: "3元/斤". */
const priced = (text: string, per: 'jin' | 'kg') => (plain(text) || text) + (per === 'jin' ? '元/斤' : '元/公斤');

/** A percentage in the thousandths that are sent; NaN when it is no number. */
const permille = (percent: string) => Math.round(Number(plain(percent) || (percent.trim() && NaN)) * 10);

/** A span of which either end may be left open; undefined when both are. */
const span = (from: string, to: string) => (from || to ? { ...(from && { from: inChina(from) }), ...(to && { to: inChina(to) }) } : undefined);

/** What is sent of a lot's offer. */
export const bodyOf = (lot: string, f: OfferTyped): Body<'/offers'> => ({ lot, ...termsOf(f) });

/** An offer's terms as they are sent. */
export type Terms = Omit<Body<'/offers'>, 'lot'>;

/** What is sent of an offer's terms. A gift has no price, no tiers and no benefit, whatever was typed before. */
export function termsOf(f: OfferTyped): Terms {
  const [pickup, orders] = [span(f.from, f.to), span(f.orderFrom, f.orderTo)];
  return {
    ...(f.gift ? { gift: true } : { price: priced(f.price, f.per) }),
    ...(f.min && { min_weight: sent(f.min, f.minUnit) }),
    ...(f.benefit && !f.gift && { benefit: priced(f.benefit, 'jin') }),
    ...(f.tiers.length && !f.gift && { tiers: f.tiers.map((t) => ({ from: sent(t.from, t.unit), price: priced(t.price, f.per) })) }),
    ...((f.moisture || f.bearer !== 'carrier') && { loss: { moisture_per_mille: f.moisture ? permille(f.moisture) : -1, bearer: f.bearer } }),
    ...(pickup && { pickup }),
    ...(orders && { orders }),
    ...(f.until && { until: inChina(f.until) }),
    ...(f.poverty && { poverty: true }),
  };
}

/** What the two sides put up, or null for nothing. */
export function depositOf(f: OfferTyped): Body<'/offers/{id}/deposit', 'put'> | null {
  if (f.gift || !(f.buyerDeposit || f.sellerDeposit)) return null;
  return {
    buyer_permille: permille(f.buyerDeposit), seller_permille: permille(f.sellerDeposit),
    ...(f.depositFrom && { from_weight: sent(f.depositFrom, f.depositUnit) }),
  };
}

const typed = (n: number, places: number) => decimal(n, places).replaceAll(',', '');

/** A price per 斤, exactly: half a ten-thousandth has five places. */
const perJin = (e4: number) => typed(e4 * 5, 5);

/** An instant as a datetime-local field has it, with its seconds where it has any. */
function field(instant: string | undefined): string {
  const ms = Date.parse(instant ?? '');
  if (!ms) return '';
  const seconds = Math.floor(ms / 1000) % 60;
  return local(ms) + (seconds ? ':' + String(seconds).padStart(2, '0') : '');
}

/** An offer's terms as they would have been typed. */
export function typedOf(o: Offer): OfferTyped {
  return {
    ...blank, gift: o.gift, price: o.gift ? '' : perJin(o.price_e4), per: 'jin', benefit: o.benefit_e4 ? perJin(o.benefit_e4) : '',
    min: o.min_grams ? typed(o.min_grams, 3) : '', minUnit: 'kg', from: field(o.pickup.from), to: field(o.pickup.to), poverty: o.poverty,
    tiers: items(o.tiers).map((t) => ({ from: typed(t.from_grams, 3), unit: 'kg' as Unit, price: perJin(t.price_e4) })),
    orderFrom: field(o.orders.from), orderTo: field(o.orders.to), until: field(o.until),
    moisture: o.loss.moisture_per_mille < 0 ? '' : typed(o.loss.moisture_per_mille, 1), bearer: o.loss.bearer,
  };
}

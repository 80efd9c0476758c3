// An offer as it is typed, and as it is sent.

import type { Body } from '../../api/server';
import { plain, sent, type Unit } from '../../lib/amount';
import { inChina } from '../../lib/time';

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

/** What is sent of an offer. A gift has no price, no tiers and no benefit, whatever was typed before. */
export function bodyOf(lot: string, f: OfferTyped): Body<'/offers'> {
  const [pickup, orders] = [span(f.from, f.to), span(f.orderFrom, f.orderTo)];
  return {
    lot,
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

// A new lot as it is typed, and the last one as a pattern for the next.

import { get } from '../../api/server';
import { items, type Lot, type Offer, type ReadBack } from '../../api/shapes';
import type { Unit } from '../../lib/amount';
import { decimal } from '../../lib/quantity';

export const blank = {
  party: '', line: '', byLine: true, photo: '', produce: '', grade: '', amount: '', unit: 'jin' as Unit,
  packing: 'box', packs: '', packAmount: '', packUnit: 'kg' as Unit, gift: false, price: '', per: 'jin' as 'jin' | 'kg',
  place: '', adcode: '', harvested: '', degrees: '',
};

export type LotForm = typeof blank;

const keyOf = (party: string) => 'last-lot:' + party;

/** Keeps what was listed as the pattern for the next lot; photo and harvest are new every time. Of a line that nobody has
 * understood yet only the place is kept. */
export function keepTemplate(form: LotForm, heard: ReadBack | null) {
  const goods = form.byLine && !heard ? { ...blank, ...kept(form.party) } : { ...form, ...(heard && form.byLine && spoken(heard)) };
  keep({ ...goods, party: form.party, place: form.place, adcode: form.adcode, byLine: false, line: '', photo: '', harvested: '' });
}

const keep = (form: LotForm) => localStorage.setItem(keyOf(form.party), JSON.stringify(form));
const kept = (party: string) => JSON.parse(localStorage.getItem(keyOf(party)) ?? 'null') as Partial<LotForm> | null;

/** A line as it was understood, field by field. */
export function spoken(heard: ReadBack): Partial<LotForm> {
  return {
    produce: heard.produce_name, grade: heard.grade ?? '', amount: plainly(heard.weight_grams), unit: 'kg',
    packing: heard.packs ? heard.packing || 'box' : 'loose', packs: heard.packs ? String(heard.packs) : '',
    ...(heard.price_e4 !== undefined && { price: decimal(heard.price_e4, 4).replaceAll(',', ''), per: 'kg' as const }),
  };
}

/** The party's last lot: as this phone remembers it, else as the server has it; nothing when there is none. */
export async function template(party: string): Promise<LotForm | null> {
  const here = kept(party);
  if (here) return { ...blank, ...here };
  try {
    const [lots, offers] = await Promise.all([get('/lots', { query: { party } }), get('/offers', { query: { seller: party } })]);
    const lot = items(lots)[0];
    if (!lot) return null;
    const form = formOf(lot, items(offers).find((o) => o.lot === lot.id));
    keep(form);
    return form;
  } catch {
    return null;
  }
}

/** Degrees as they were typed, in the tenths that are sent. */
export const tenths = (degrees: string) => Math.round(Number(degrees.replace('−', '-')) * 10);

/** A lot of the server as a form. */
export function formOf(lot: Lot, offer: Offer | undefined): LotForm {
  return {
    ...blank, byLine: false, party: lot.party, produce: lot.produce_name, grade: lot.grade ?? '', amount: plainly(lot.weighed_grams), unit: 'kg',
    packing: lot.packing || 'loose', packs: lot.packs ? String(lot.packs) : '', packAmount: lot.pack_grams ? plainly(lot.pack_grams) : '',
    gift: offer?.gift ?? false, price: offer && !offer.gift ? decimal(offer.price_e4, 4).replaceAll(',', '') : '', per: 'kg',
    place: lot.place.name, adcode: lot.place.adcode, degrees: lot.stored_tenths === undefined ? '' : decimal(lot.stored_tenths, 1),
  };
}

const plainly = (grams: number) => decimal(grams, 3).replaceAll(',', '');

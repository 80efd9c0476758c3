// A time that may be open at either end, in words of the terms of an offer.
import type { Offer } from '../../api/shapes';
import { t, words } from '../../lib/i18n.svelte';
import { when } from '../../lib/time';

export function span({ from, to }: Offer['orders']): string {
  const at = (instant: string | undefined) => when(instant, words.lang);
  if (from && to) return `${at(from)} – ${at(to)}`;
  return from ? t('offer.since', at(from)) : t('offer.till', at(to));
}

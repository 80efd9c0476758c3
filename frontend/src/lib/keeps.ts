// How long a lot is good, as a day or as the two days between which somebody has to look at it.
import type { Lot } from '../api/shapes';
import { words } from './i18n.svelte';
import { day } from './time';

export function keeps({ good_until, clock }: Pick<Lot, 'good_until' | 'clock'>): string {
  const days = [...new Set([good_until, clock?.latest])].filter((d) => d);
  return days.map((d) => day(d!, words.lang)).join(' – ');
}

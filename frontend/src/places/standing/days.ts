import type { Standing } from '../../api/shapes';
import { t, word } from '../../lib/i18n.svelte';

/** On which days a standing order makes its drafts, as people say it. */
export function days(s: Standing): string {
  return s.every === 'month' ? t('standing.month', s.month_day ?? 0) : t('standing.week', word('weekday', String(s.weekday)));
}

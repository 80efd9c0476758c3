import type { Catalogue } from '../lib/i18n.svelte';

/** The words that come with a place, by language. */
export const files = import.meta.glob<Record<string, Catalogue>>('./*/{zh,en}.ts');

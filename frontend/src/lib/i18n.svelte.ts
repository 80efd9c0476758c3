// Words in the reader's language. Chinese is the source of the keys; the compiler refuses an English catalogue that
// lacks one. Only the catalogue in use is loaded.

import type { zh } from '../messages/zh';

export type Key = keyof typeof zh;
export type Lang = 'zh-CN' | 'en';
type Catalogue = Record<Key, string>;

const load: Record<Lang, () => Promise<Catalogue>> = {
  'zh-CN': () => import('../messages/zh').then((m) => m.zh),
  en: () => import('../messages/en').then((m) => m.en),
};

function firstLang(): Lang {
  if (typeof localStorage === 'undefined') return 'zh-CN';
  const kept = localStorage.getItem('lang');
  if (kept === 'en' || kept === 'zh-CN') return kept;
  return navigator.language.startsWith('en') ? 'en' : 'zh-CN';
}

class Words {
  lang = $state<Lang>(firstLang());
  catalogue = $state.raw<Partial<Catalogue>>({});

  /** Loads the words; a page is shown after that. */
  async ready() {
    this.catalogue = await load[this.lang]();
    document.documentElement.lang = this.lang;
  }

  async choose(lang: Lang) {
    const catalogue = await load[lang]();
    this.lang = lang;
    this.catalogue = catalogue;
    localStorage.setItem('lang', lang);
    document.documentElement.lang = lang;
  }
}

export const words = new Words();

/** The sentence for a key; `{0}`, `{1}` are filled from args. */
export function t(key: Key, ...args: (string | number)[]): string {
  return (words.catalogue[key] ?? key).replace(/\{(\d)\}/g, (_, i) => String(args[Number(i)] ?? ''));
}

/** Picks the text for the reader's language from a pair the server sent. */
export function pick(zhText: string | undefined, enText: string | undefined): string {
  return (words.lang === 'en' ? enText || zhText : zhText || enText) ?? '';
}

/** The word of a family ("state", "role", ...) for a code of the server, or the code itself when the catalogue has none. */
export function word(family: string, code: string | undefined): string {
  if (!code) return '';
  return words.catalogue[`${family}.${code}` as Key] ?? code.replace(/_/g, ' ');
}

// Words in the reader's language. Chinese is the source of the keys; the compiler refuses an English catalogue that
// lacks one.

import { zh } from '../messages/zh';
import { en } from '../messages/en';

export type Key = keyof typeof zh;
export type Lang = 'zh-CN' | 'en';

const catalogues: Record<Lang, Record<Key, string>> = { 'zh-CN': zh, en };

function firstLang(): Lang {
  if (typeof localStorage === 'undefined') return 'zh-CN';
  const kept = localStorage.getItem('lang');
  if (kept === 'en' || kept === 'zh-CN') return kept;
  return navigator.language.startsWith('en') ? 'en' : 'zh-CN';
}

class Words {
  lang = $state<Lang>(firstLang());

  choose(lang: Lang) {
    this.lang = lang;
    localStorage.setItem('lang', lang);
    document.documentElement.lang = lang;
  }
}

export const words = new Words();

/** The sentence for a key; `{0}`, `{1}` are filled from args. */
export function t(key: Key, ...args: (string | number)[]): string {
  return catalogues[words.lang][key].replace(/\{(\d)\}/g, (_, i) => String(args[Number(i)] ?? ''));
}

/** Picks the text for the reader's language from a pair the server sent. */
export function pick(zhText: string | undefined, enText: string | undefined): string {
  return (words.lang === 'en' ? enText || zhText : zhText || enText) ?? '';
}

/** The word for a status the server derived: key `status.<word>`, or the word itself when the catalogue has none. */
export function status(word: string): string {
  const key = `status.${word}` as Key;
  return catalogues[words.lang][key] ?? word;
}

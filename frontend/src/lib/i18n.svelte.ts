// Words in the reader's language. Chinese is the source of the keys; the compiler refuses an English catalogue that
// lacks one. Of the language in use only what the places visited need is loaded; the frame's Chinese words come with the frame.

import { Latest } from './latest';
import { files } from '../messages/groups';
import { zh } from '../messages/zh';
import type { zh as account } from '../messages/account/zh';
import type { zh as bulk } from '../messages/bulk/zh';
import type { zh as claims } from '../messages/claims/zh';
import type { zh as demands } from '../messages/demands/zh';
import type { zh as deposits } from '../messages/deposits/zh';
import type { zh as orders } from '../messages/orders/zh';
import type { zh as lots } from '../messages/lots/zh';
import type { zh as desk } from '../messages/desk/zh';
import type { zh as gifts } from '../messages/gifts/zh';
import type { zh as hooks } from '../messages/hooks/zh';
import type { zh as haul } from '../messages/haul/zh';
import type { zh as market } from '../messages/market/zh';
import type { zh as money } from '../messages/money/zh';
import type { zh as offers } from '../messages/offers/zh';
import type { zh as pages } from '../messages/pages/zh';
import type { zh as record } from '../messages/record/zh';
import type { zh as relief } from '../messages/relief/zh';
import type { zh as road } from '../messages/road/zh';
import type { zh as sharing } from '../messages/sharing/zh';
import type { zh as amend } from '../messages/amend/zh';
import type { zh as standing } from '../messages/standing/zh';
import type { zh as shipping } from '../messages/shipping/zh';
import type { zh as trouble } from '../messages/trouble/zh';
import type { zh as work } from '../messages/work/zh';

/** A word of the frame and the front page. */
export type BaseKey = keyof typeof zh;
export type Key = BaseKey | keyof typeof lots | keyof typeof orders | keyof typeof demands | keyof typeof deposits | keyof typeof account | keyof typeof bulk | keyof typeof claims | keyof typeof desk | keyof typeof gifts | keyof typeof haul | keyof typeof hooks | keyof typeof market | keyof typeof money | keyof typeof offers | keyof typeof pages | keyof typeof record | keyof typeof relief | keyof typeof road | keyof typeof sharing | keyof typeof amend | keyof typeof standing | keyof typeof shipping | keyof typeof trouble | keyof typeof work;
export type Lang = 'zh-CN' | 'en';
export type Catalogue = Partial<Record<Key, string>>;

/** Words that only some places need; they come with the place. Those of `pages` come with every other group. */
export type Group = 'pages' | 'lots' | 'orders' | 'demands' | 'deposits' | 'account' | 'bulk' | 'claims' | 'desk' | 'gifts' | 'haul' | 'hooks' | 'market' | 'money' | 'offers' | 'record' | 'relief' | 'road' | 'sharing' | 'amend' | 'standing' | 'shipping' | 'trouble' | 'work';

/** Brings a group's words in a language. */
export type Bring = (group: Group | 'base', lang: Lang) => Promise<Catalogue>;

const fromFiles: Bring = async (group, lang) => {
  if (group === 'base') return lang === 'en' ? (await import('../messages/en')).en : zh;
  const name = lang === 'en' ? 'en' : 'zh';
  return (await files[`./${group}/${name}.ts`]!())[name]!;
};

function firstLang(): Lang {
  if (typeof localStorage === 'undefined') return 'zh-CN';
  const kept = localStorage.getItem('lang');
  if (kept === 'en' || kept === 'zh-CN') return kept;
  return navigator.language.startsWith('en') ? 'en' : 'zh-CN';
}

/** The words loaded so far, and the language they are in. */
export class Words {
  lang = $state<Lang>(firstLang());
  catalogue = $state.raw<Catalogue>({});
  private groups = new Set<Group | 'base'>();
  private chosen = new Latest();

  constructor(private bring: Bring = fromFiles) {}

  /** Loads the words every page needs; the first page is shown after that. */
  async ready() {
    await this.need('base');
    document.documentElement.lang = this.lang;
  }

  /** Loads a group's words, once. */
  async need(group: Group | 'base') {
    while (!this.groups.has(group)) {
      const lang = this.lang;
      const found = await this.bring(group, lang);
      if (lang !== this.lang) continue; // another language was chosen meanwhile
      this.groups.add(group);
      this.catalogue = { ...this.catalogue, ...found };
    }
  }

  async choose(lang: Lang): Promise<void> {
    const groups = [...this.groups];
    let again: Promise<void> | undefined;
    await this.chosen.ask(Promise.all(groups.map((group) => this.bring(group, lang))), (found) => {
      if (groups.length < this.groups.size) again = this.choose(lang); // a place was opened meanwhile
      else this.speak(lang, Object.assign({}, ...found));
    });
    await again;
  }

  private speak(lang: Lang, catalogue: Catalogue) {
    this.lang = lang;
    this.catalogue = catalogue;
    localStorage.setItem('lang', lang);
    document.documentElement.lang = lang;
  }
}

export const words = new Words();

/** The sentence for a key; `{0}`, `{1}` are filled from args, `{0|load has|loads have}` is the first of the two beside a 1, else the second. */
export function t(key: Key, ...args: (string | number)[]): string {
  return (words.catalogue[key] ?? key).replace(/\{(\d)(?:\|(.*?)\|(.*?))?\}/g, (_, i, one, more) => {
    const said = String(args[Number(i)] ?? '');
    return more ? (said === '1' ? one : more) : isolated(said);
  });
}

const MARKS = /[\u202a-\u202e\u2066-\u2069]/g;
/** Letters that run from right to left, Uyghur's and Arabic's among them, and the marks that turn what stands behind them. */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]/;

/** Somebody's text beside other text: what runs from right to left keeps to itself and turns nothing around. */
export function isolated(text: string): string {
  return TURNS.test(text) ? `\u2068${text.replace(MARKS, '')}\u2069` : text;
}

/** What is known of a thing on one line, with dots between. */
export function dotted(...parts: (string | number | false | null | undefined)[]): string {
  return parts.filter(Boolean).map((part) => isolated(String(part))).join(' · ');
}

/** Some names one after the other. */
export const listed = (names: string[]) => names.join(words.lang === 'en' ? ', ' : '、');

/** Picks the text for the reader's language from a pair the server sent. */
export function pick(zhText: string | undefined, enText: string | undefined): string {
  return (words.lang === 'en' ? enText || zhText : zhText || enText) ?? '';
}

/** The word of a family ("state", "role", ...) for a code of the server, or the code itself when the catalogue has none. */
export function word(family: string, code: string | undefined): string {
  if (!code) return '';
  return words.catalogue[`${family}.${code}` as Key] ?? code.replace(/_/g, ' ');
}

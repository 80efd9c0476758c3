// What people type as an amount, read exactly: no floating point touches a gram or a fen.

import type { Lang } from './i18n.svelte';
import { mass } from './quantity';

export type Unit = 'jin' | 'kg' | 't';

const GRAMS: Record<Unit, bigint> = { jin: 500n, kg: 1000n, t: 1_000_000n };
const SENT: Record<Unit, string> = { jin: '斤', kg: 'kg', t: 't' };

/** A decimal as people type it (full-width digits, commas, blanks) in plain ASCII; "" when it is no decimal. */
export function plain(text: string): string {
  const ascii = text
    .replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[．。]/g, '.')
    .replace(/[,，\s\u200e\u200f\u202a-\u202e]/g, '');
  return /^\d{1,12}(\.\d{1,6})?$/.test(ascii) ? ascii : '';
}

function scaled(text: string, factor: bigint): number | null {
  const clean = plain(text);
  if (!clean) return null;
  const [whole = '0', part = ''] = clean.split('.');
  const value = BigInt(whole + part.padEnd(6, '0')) * factor;
  if (value % 1_000_000n !== 0n) return null;
  const out = value / 1_000_000n;
  return out <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(out) : null;
}

/** Grams of what was typed, or null when it is no amount or finer than a gram. */
export function grams(text: string, unit: Unit): number | null {
  return scaled(text, GRAMS[unit]);
}

/** Fen of an amount in yuan, or null when it is none or finer than a fen. */
export function fen(text: string): number | null {
  return scaled(text, 100n);
}

/** A price in 1/10000 yuan per kilogram of what was typed per 斤 or per kilogram, or null. */
export function priceE4(text: string, per: 'jin' | 'kg'): number | null {
  return scaled(text, per === 'jin' ? 20_000n : 10_000n);
}

/** The amount as the server reads it: "3 t". */
export function sent(text: string, unit: Unit): string {
  const clean = plain(text);
  return clean ? `${clean} ${SENT[unit]}` : text.trim();
}

/** What a field shows beside the number: the three units, and the jin in words so that a zero too many is seen. */
export function echo(text: string, unit: Unit, lang: Lang): string {
  const g = grams(text, unit);
  if (g === null || g === 0) return '';
  const words = lang === 'zh-CN' && g % 500 === 0 ? `（${inWords(g / 500)}斤）` : '';
  return mass(g, lang) + words;
}

const DIGITS = '零一二三四五六七八九';

/** A whole number in Chinese words as traders say it: 12000 is 一万两千. */
export function inWords(n: number): string {
  if (n === 0) return '零';
  if (n === 2) return '两';
  let out = '';
  let gap = false;
  for (const [size, name] of [[100_000_000, '亿'], [10_000, '万'], [1, '']] as const) {
    const part = Math.floor(n / size) % 10_000;
    if (part === 0) {
      gap = out !== '';
      continue;
    }
    if (out && (gap || part < 1000)) out += '零';
    out += (part === 2 && name ? '两' : underMyriad(part, out === '')) + name;
    gap = false;
  }
  return out;
}

function underMyriad(n: number, first: boolean): string {
  let out = '';
  let zero = false;
  for (const [size, name] of [[1000, '千'], [100, '百'], [10, '十'], [1, '']] as const) {
    const digit = Math.floor(n / size) % 10;
    if (digit === 0) {
      zero = out !== '';
      continue;
    }
    if (zero) out += '零';
    zero = false;
    if (digit === 1 && size === 10 && first && out === '') out += '十';
    else if (digit === 2 && size >= 100) out += '两' + name;
    else out += DIGITS[digit] + name;
  }
  return out;
}

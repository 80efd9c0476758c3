// Instants as people in China read them. The server decides the time; a phone's clock that is off by a day changes nothing here.

import type { Lang } from './i18n.svelte';

const MINUTE = 60_000;
const CHINA = 8 * 60 * MINUTE;

/** An instant at +08:00 as "2月3日 14:00" or "3 Feb 14:00"; the text itself when it is none. A number is Unix milliseconds. */
export function when(instant: string | number | undefined, lang: Lang): string {
  if (!instant) return '';
  const ms = typeof instant === 'number' ? instant : Date.parse(instant);
  if (Number.isNaN(ms)) return String(instant);
  const at = new Date(ms + CHINA);
  const clock = `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
  if (lang === 'en') return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${clock}`;
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${clock}`;
}

/** A calendar day "2020-02-01" as people say it. */
export function day(text: string | undefined, lang: Lang): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text ?? '');
  if (!found) return text ?? '';
  const [, year, month, date] = found;
  return lang === 'en' ? `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}` : `${year}年${Number(month)}月${Number(date)}日`;
}

/** The value of a datetime-local field as an instant in China: "2020-02-03T14:00" is "2020-02-03T14:00:00+08:00". */
export function inChina(local: string): string {
  return local ? `${local.length === 16 ? local + ':00' : local}+08:00` : '';
}

/** An instant as the value of a datetime-local field in China's time. */
export function local(ms: number): string {
  return new Date(ms + CHINA).toISOString().slice(0, 16);
}

/** The moment of an act as RFC 3339 with China's offset. */
export function actedAt(ms = now()): string {
  return new Date(ms + CHINA).toISOString().slice(0, 19) + '+08:00';
}

/** Clocks nearer to the server's than this are taken as they are, in milliseconds. */
const NEAR = 2 * MINUTE;
const KEPT = 'clock';

/** The server's time as far as this device knows it: a phone whose clock is off by a day does not date its acts wrongly. */
export function now(): number {
  return Date.now() + off();
}

/** Learns from the date of an answer how far this device's clock is off; it is remembered for acts without a network. */
export function learn(date: string | null) {
  const server = Date.parse(date ?? '');
  if (Number.isNaN(server)) return;
  const ahead = server - Date.now();
  if (Math.abs(ahead) < NEAR) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, String(ahead));
}

function off(): number {
  return typeof localStorage === 'undefined' ? 0 : Number(localStorage.getItem(KEPT) ?? 0);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (n: number) => String(n).padStart(2, '0');

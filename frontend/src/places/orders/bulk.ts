// An order pasted from a spreadsheet: what, how much, and from whom if that matters; tab, semicolon or comma between them.

import { plain } from '../../lib/amount';

export interface BulkLine {
  row: number;
  what: string;
  /** As the server reads it: "3吨". */
  weight: string;
  seller: string;
}

/** The most lines one cart takes. */
export const MOST = 50;

const WEIGHT = /^(.+?)\s*(斤|公斤|千克|吨|kg|t|jin)$/i;
const UNIT: Record<string, string> = { 斤: '斤', 公斤: '公斤', 千克: '公斤', 吨: '吨', kg: '公斤', t: '吨', jin: '斤' };

/** The lines that can be read, and the numbers of those that can't. A heading is passed over; a bare number is kilograms. */
export function readBulk(text: string): { lines: BulkLine[]; wrong: number[] } {
  const lines: BulkLine[] = [];
  const wrong: number[] = [];
  text.replace(/^\ufeff/, '').split(/\r?\n/).forEach((row, i) => {
    if (!row.trim()) return;
    const [what = '', amount = '', seller = ''] = cells(row);
    const weight = weightOf(amount);
    if (what && weight && lines.length < MOST) lines.push({ row: i + 1, what, weight, seller });
    else if (i > 0 || /\d/.test(amount)) wrong.push(i + 1);
  });
  return { lines, wrong };
}

function cells(row: string): string[] {
  const by = row.includes('\t') ? '\t' : row.includes(';') ? ';' : ',';
  return row.split(by).map((c) => c.trim().replace(/^"|"$/g, '').replace(/[\u200e\u200f\u202a-\u202e]/g, ''));
}

function weightOf(text: string): string {
  const found = WEIGHT.exec(text);
  const number = plain(found ? found[1]! : text);
  return number && Number(number) > 0 ? number + UNIT[(found?.[2] ?? 'kg').toLowerCase()] : '';
}

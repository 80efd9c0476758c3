// A bank statement pasted from a spreadsheet: reference, amount, moment, payer; tab, comma or semicolon between them.

export interface SheetLine {
  client_id: string;
  reference: string;
  amount: string;
  paid_at: string;
  payer: string;
}

/** The lines that can be read, and the numbers of those that can't. A heading is passed over. */
export function read(text: string): { lines: SheetLine[]; wrong: number[] } {
  const lines: SheetLine[] = [];
  const wrong: number[] = [];
  text.replace(/^\ufeff/, '').split(/\r?\n/).forEach((row, i) => {
    if (!row.trim()) return;
    const cells = (row.includes('\t') ? row.split('\t') : row.includes(';') ? row.split(';') : row.split(',')).map((c) => c.trim().replace(/^"|"$/g, ''));
    const [reference = '', amount = '', paid = '', payer = ''] = cells;
    const at = instant(paid);
    const money = amount.replace(/[¥￥,元\s]/g, '');
    if (cells.length !== 4 || !reference || !at || !/^\d+(\.\d{1,2})?$/.test(money)) {
      if (i > 0 || /\d/.test(amount)) wrong.push(i + 1);
      return;
    }
    lines.push({ client_id: `${reference}/${at}/${money}`, reference, amount: money + '元', paid_at: at, payer });
  });
  return { lines, wrong };
}

function instant(text: string): string {
  const found = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T](\d{1,2}):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (!found) return '';
  const [, y, mo, d, h = '0', mi = '00', s = '00'] = found;
  const two = (n: string) => n.padStart(2, '0');
  return `${y}-${two(mo!)}-${two(d!)}T${two(h)}:${mi}:${s}+08:00`;
}

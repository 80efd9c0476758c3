// Grams, fen and prices as people read them. Amounts arrive as integers and leave as text; nothing is computed here.

const group = (s: string) => s.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** A fixed-point integer as a decimal string without trailing zeros: decimal(5016, 3) is "5.016". */
export function decimal(n: number, places: number, keep = 0): string {
  const sign = n < 0 ? '-' : '';
  const digits = String(Math.abs(Math.round(n))).padStart(places + 1, '0');
  const whole = group(digits.slice(0, digits.length - places));
  let rest = digits.slice(digits.length - places);
  while (rest.length > keep && rest.endsWith('0')) rest = rest.slice(0, -1);
  return sign + whole + (rest ? '.' + rest : '');
}

/** 5016000 g: "5,016 kg". */
export function kg(grams: number): string {
  return decimal(grams, 3) + ' kg';
}

/** The same mass as growers, scales and lorries say it: 斤 = 公斤 = 吨. */
export function mass(grams: number, lang: 'zh-CN' | 'en'): string {
  const jin = decimal(grams * 2, 3);
  const tonnes = decimal(grams, 6);
  if (lang === 'en') return `${decimal(grams, 3)} kg = ${tonnes} t (${jin} jin)`;
  return `${jin} 斤 = ${decimal(grams, 3)} 公斤 = ${tonnes} 吨`;
}

/** 5985600 fen: "59,856.00". */
export function yuan(fen: number): string {
  return decimal(fen, 2, 2);
}

/** A price of 60000 (1/10000 yuan per kg): per 斤 and per kg. */
export function price(e4: number, lang: 'zh-CN' | 'en'): { jin: string; kg: string } {
  const perJin = decimal(e4 / 2, 4, 2);
  const perKg = decimal(e4, 4, 2);
  return lang === 'en' ? { jin: `${perJin} yuan/jin`, kg: `${perKg} yuan/kg` } : { jin: `${perJin} 元/斤`, kg: `${perKg} 元/公斤` };
}

/** A reckoned price, such as the one at the door, said to the fen per 斤: more digits would claim too much. */
export function about(e4: number, lang: 'zh-CN' | 'en'): string {
  return price(Math.round(e4 / 200) * 200, lang).jin;
}

/** Tenths of a percent: 611 is "61.1 %". */
export function permille(n: number): string {
  return decimal(n, 1, 1) + ' %';
}

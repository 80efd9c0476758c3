import { describe, expect, it } from 'vitest';
import { echo, fen, grams, inWords, plain, priceE4, sent } from './amount';

describe('an amount as typed', () => {
  it('is exact in every unit of the trade', () => {
    expect(grams('3', 't')).toBe(3_000_000);
    expect(grams('10032', 'jin')).toBe(5_016_000);
    expect(grams('0.1', 'kg')).toBe(100);
    expect(grams('5.004', 't')).toBe(5_004_000);
  });
  it('may be written with full-width digits, commas, blanks and direction marks', () => {
    expect(plain('１２，０００')).toBe('12000');
    expect(grams('\u200e5 016', 'kg')).toBe(5_016_000);
  });
  it('is none when it is finer than a gram, negative, emoji or words', () => {
    for (const text of ['0.0001', '-3', '🍎', 'three', '', '1e5']) expect(grams(text, 'kg')).toBeNull();
  });
  it('goes to the server with its unit, and as typed when it is none', () => {
    expect(sent('１０', 't')).toBe('10 t');
    expect(sent(' 很多 ', 'kg')).toBe('很多');
  });
  it('is a price per jin or per kilogram, to the hundredth of a fen', () => {
    expect(priceE4('3', 'jin')).toBe(60_000);
    expect(priceE4('0.855', 'jin')).toBe(17_100);
    expect(priceE4('6.00', 'kg')).toBe(60_000);
    expect(priceE4('六块', 'kg')).toBeNull();
  });
  it('gives fen without a rounding error', () => {
    expect(fen('59856.00')).toBe(5_985_600);
    expect(fen('0.29')).toBe(29);
    expect(fen('0.295')).toBeNull();
  });
});

describe('an amount in words', () => {
  it('is said as traders say it', () => {
    const said: [number, string][] = [
      [2, '两'], [10, '十'], [12, '十二'], [20, '二十'], [105, '一百零五'], [110, '一百一十'], [200, '两百'],
      [2020, '两千零二十'], [6000, '六千'], [10032, '一万零三十二'], [12000, '一万两千'], [20000, '两万'],
      [100000, '十万'], [1203000, '一百二十万三千'], [100000001, '一亿零一'],
    ];
    for (const [n, words] of said) expect(inWords(n), String(n)).toBe(words);
  });
  it('stands beside the number, with the three units', () => {
    expect(echo('6', 't', 'zh-CN')).toBe('12,000 斤 = 6,000 公斤 = 6 吨（一万两千斤）');
    expect(echo('6', 't', 'en')).toBe('6,000 kg = 6 t (12,000 jin)');
    expect(echo('x', 't', 'en')).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { about, decimal, kg, mass, permille, price, yuan } from './quantity';

describe('amounts as people read them', () => {
  it('groups thousands and drops trailing zeros', () => {
    expect(decimal(1234567000, 3)).toBe('1,234,567');
    expect(decimal(5016500, 3)).toBe('5,016.5');
    expect(decimal(-5, 2, 2)).toBe('-0.05');
  });
  it('shows the settlement of the story to the fen', () => {
    expect(yuan(5985600)).toBe('59,856.00');
    expect(yuan(199520)).toBe('1,995.20');
  });
  it('says one mass in the three units of the trade', () => {
    expect(mass(5016000, 'zh-CN')).toBe('10,032 斤 = 5,016 公斤 = 5.016 吨');
    expect(kg(12000)).toBe('12 kg');
  });
  it('gives the price per jin first', () => {
    expect(price(60000, 'zh-CN')).toEqual({ jin: '3.00 元/斤', kg: '6.00 元/公斤' });
    expect(price(17000, 'en').jin).toBe('0.85 yuan/jin');
    expect(about(38898, 'zh-CN')).toBe('1.94 元/斤');
  });
  it('writes a fill in tenths of a percent', () => {
    expect(permille(611)).toBe('61.1 %');
  });
});

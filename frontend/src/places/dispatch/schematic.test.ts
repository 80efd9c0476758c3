import { expect, it } from 'vitest';
import { draw } from './schematic';

const at = (name: string, lon: number, lat: number) => ({ name, adcode: '', point: { lon, lat } });

it('puts north up and west left, on the sheet', () => {
  const [fengxiang, wuhan] = draw([at('凤翔', 107.4, 34.5), at('武汉', 114.3, 30.6)]);
  expect(fengxiang!.x).toBeLessThan(wuhan!.x);
  expect(fengxiang!.y).toBeLessThan(wuhan!.y);
  for (const s of [fengxiang!, wuhan!]) expect(s.x >= 0 && s.x <= 400 && s.y >= 0 && s.y <= 240).toBe(true);
});

it('gives no spot to a place without a point, and the middle to a single one', () => {
  expect(draw([{ name: '?', adcode: '' }])).toEqual([undefined]);
  expect(draw([at('凤翔', 107.4, 34.5)])[0]).toMatchObject({ x: 200, y: 120 });
});

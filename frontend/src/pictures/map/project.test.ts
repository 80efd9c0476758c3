import { expect, it } from 'vitest';
import list from '../../../../server/places/data/places.csv?raw';
import { provinces } from './dots';
import { fit, points, SHEET } from './project';

const [WIDE, HIGH] = SHEET;

const csv = list.trim().split('\n').slice(1).map((l) => l.split(','));
const place = (name: string, lon: number, lat: number) => ({ name, adcode: '', point: { lon, lat } });

it('has a dot within 3 km for every county of the list, and dots on Taiwan, in Hong Kong and in Macau', () => {
  const all = points();
  const near = (lon: number, lat: number) => all.some(([x, y]) => Math.abs(x - lon) < 0.0201 && Math.abs(y - lat) < 0.0201);
  const lost = csv.filter((r) => r[1] === '3' && !near(Number(r[5]), Number(r[6])));
  expect(lost.map((r) => r[2])).toEqual([]);
  for (const [lon, lat] of [[120.31, 22.62], [121.6, 23.98], [114.195, 22.38], [113.543, 22.187]] as const) expect(near(lon, lat)).toBe(true);
  expect(provinces).toHaveLength(34);
});

it('puts north up, west left, and what is asked for on the sheet', () => {
  const project = fit([place('凤翔', 107.4, 34.5), place('武汉', 114.3, 30.6)]);
  const [a, b] = [project(107.4, 34.5), project(114.3, 30.6)];
  expect(a[0]).toBeLessThan(b[0]);
  expect(a[1]).toBeLessThan(b[1]);
  for (const [x, y] of [a, b]) expect(x > 0 && x < WIDE && y > 0 && y < HIGH).toBe(true);
});

it('shows the whole country when there is nothing to fit, and no village when two places touch', () => {
  const whole = fit([]);
  for (const [, , lon, lat] of provinces) {
    const [x, y] = whole(lon, lat);
    expect(x > 0 && x < WIDE && y > 0 && y < HIGH).toBe(true);
  }
  const close = fit([place('a', 114.27, 30.58), place('b', 114.36, 30.55)]);
  expect(Math.abs(close(114.27, 30.58)[0] - close(114.36, 30.55)[0])).toBeLessThan(30);
});

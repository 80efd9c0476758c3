// Makes src/pictures/map/dots.ts: every county as a dot on the schematic map, from server/places/data/places.csv.
// Names there: the civil affairs ministry's list; points: WGS-84, see the file's own column `src`. The list has one
// point each for Taiwan, Hong Kong and Macau; their cities and districts below are from memory (°).
import { readFileSync, writeFileSync } from 'node:fs';

const STEP = 0.04; // degrees between two neighbouring steps: 4 km, finer than a dot is drawn
const [WEST, SOUTH] = [73, 3];

// °
const MORE = [
  [121.56, 25.04], [121.46, 25.01], [121.3, 24.99], [121.74, 25.13], [120.97, 24.8], [120.82, 24.56], [120.67, 24.15], [120.54, 24.08], [120.68, 23.91],
  [120.54, 23.71], [120.45, 23.48], [120.21, 22.99], [120.31, 22.62], [120.49, 22.67], [121.75, 24.76], [121.6, 23.98], [121.14, 22.76], [119.58, 23.57],
  [114.155, 22.287], [114.195, 22.38], [114.02, 22.445], [114.225, 22.31], [113.543, 22.187], [113.557, 22.156],
];

const rows = readFileSync(new URL('../../server/places/data/places.csv', import.meta.url), 'utf8').trim().split('\n').slice(1)
  .map((line) => line.split(','))
  .map(([code, level, name, pinyin, parent, lon, lat]) => ({ code, level, name, pinyin, parent, lon: Number(lon), lat: Number(lat) }));
const parents = new Set(rows.map((r) => r.parent));
const points = [...rows.filter((r) => r.level !== '1' && !parents.has(r.code)).map((r) => [r.lon, r.lat]), ...MORE];

const steps = points.map(([lon, lat]) => [Math.round((lon - WEST) / STEP), Math.round((lat - SOUTH) / STEP)]);
steps.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
const CHARS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digit = (n) => CHARS[n];
let text = '';
let row = 0;
for (const [x, y] of steps) {
  let up = y - row;
  for (; up > 62; up -= 62) text += digit(63); // 63: up by 62, and no dot yet
  text += digit(up) + digit(x >> 6) + digit(x & 63);
  row = y;
}
const short = (name) => name.replace(/(壮族|回族|维吾尔)?(特别行政区|自治区|省|市)$/, '');
// What pinyin alone would write wrong, or nobody says in English.
const ENGLISH = { 陕西: 'Shaanxi', 内蒙古: 'Inner Mongolia', 香港: 'Hong Kong', 澳门: 'Macau' };
const english = (name, pinyin) => ENGLISH[name] ?? pinyin.replace(/(zhuangzu|huizu|weiwuer)?zizhiqu$/, '').replace(/^\w/, (c) => c.toUpperCase());
const provinces = rows.filter((r) => r.level === '1').map((r) => [short(r.name), english(short(r.name), r.pinyin), r.lon, r.lat]);

writeFileSync(new URL('../src/pictures/map/dots.ts', import.meta.url), `// Made by scripts/dots.mjs from server/places/data/places.csv (names: the civil affairs ministry's list; points: WGS-84; the
// dots of Taiwan, Hong Kong and Macau from memory °). Do not edit.

/** ${points.length} dots from south to north, three characters each: steps up from the last dot, and 64 x + y steps from the west edge. */
export const dots = '${text}';

/** The size of a step in degrees, and where the count begins. */
export const step = ${STEP};
export const west = ${WEST};
export const south = ${SOUTH};

/** Provinces with the point of their seat: name, name in English, longitude, latitude. */
export const provinces: [zh: string, en: string, lon: number, lat: number][] = [
${provinces.map((p) => '  ' + JSON.stringify(p) + ',').join('\n')}
];
`.replace(/"/g, "'"));
console.log(`${points.length} dots, ${provinces.length} names`);

// Fails when a page costs more bytes (brotli) or more files than frontend budgets allow. First load is what the front page needs in
// Chinese; every other page is what it adds to that.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const LIMITS = { first: 30_720, css: 6_144, phone: 15_360, dispatch: 40_960, worker: 10_240 };
/** A browser asks a server for so many files at a time; with one more a page waits for another way to and fro. */
const FILES = 6;

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const size = (file) => (existsSync(`dist/${file}.br`) ? readFileSync(`dist/${file}.br`).length : brotliCompressSync(readFileSync(`dist/${file}`)).length);

/** The files an entry needs before it runs: its own and its static imports. */
function needs(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) needs(next, seen);
  return seen;
}

const sum = (keys) => [...keys].reduce((n, key) => n + size(manifest[key].file), 0);
const frame = needs('index.html');
const first = new Set([...frame, ...needs('src/places/home/Home.svelte')]);
const rows = [['first load', sum(first), LIMITS.first]];
for (const key of Object.keys(manifest).filter((k) => k.startsWith('src/places/') && manifest[k].isDynamicEntry)) {
  const own = [...needs(key)].filter((k) => !first.has(k));
  rows.push([key.replace('src/places/', ''), sum(own), key.includes('/dispatch/') ? LIMITS.dispatch : LIMITS.phone]);
}
const page = readFileSync('dist/index.html', 'utf8');
rows.push(['all styles', brotliCompressSync(page.match(/<style>(.*?)<\/style>/s)[1]).length, LIMITS.css]);
if (existsSync('dist/sw.js')) rows.push(['service worker', size('sw.js'), LIMITS.worker]);
// The frame's own file, and in Chinese what else the page's head names; the styles are in the page.
for (const { pattern, zh } of JSON.parse(readFileSync('dist/ahead.json', 'utf8'))) if (1 + zh.length > FILES) rows.push([`files of ${pattern}: ${zh.join(' ')}`, 1 + zh.length, FILES]);

let over = 0;
for (const [name, bytes, limit] of rows) {
  const bad = bytes > limit;
  if (bad) over++;
  console.log(`${bad ? 'OVER ' : '     '}${String(bytes).padStart(7)} of ${String(limit).padStart(6)}  ${name}`);
}
const fonts = readdirSync('dist', { recursive: true }).filter((f) => /\.(woff2?|ttf|otf)$/.test(String(f)));
if (fonts.length) {
  console.log('OVER  fonts: ' + fonts.join(' '));
  over++;
}
if (over) {
  console.log(`${over} over budget`);
  process.exit(1);
}

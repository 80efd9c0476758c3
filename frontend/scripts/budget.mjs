// Fails when a page costs more bytes (brotli) than frontend budgets allow. First load is what the front page needs in
// Chinese; every other page is what it adds to that.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const LIMITS = { first: 30_720, css: 6_144, phone: 15_360, dispatch: 40_960, worker: 10_240 };

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
const css = new Set(Object.values(manifest).flatMap((m) => m.css ?? []));
rows.push(['all styles', [...css].reduce((n, file) => n + size(file), 0), LIMITS.css]);
if (existsSync('dist/sw.js')) rows.push(['service worker', size('sw.js'), LIMITS.worker]);

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

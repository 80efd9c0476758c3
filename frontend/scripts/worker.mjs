// Tells the service worker which files of this build a driver or a receiver needs without a network.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const words = ['src/messages/en.ts', ...['pages', 'lots', 'road', 'work'].flatMap((group) => [`src/messages/${group}/zh.ts`, `src/messages/${group}/en.ts`])];
const offline = ['index.html', ...words, 'src/places/home/Home.svelte', 'src/places/trips/Trips.svelte', 'src/places/trips/TripPage.svelte', 'src/places/lots/Lots.svelte', 'src/places/lots/NewLot.svelte', 'src/places/work/Todo.svelte'];
const files = new Set();

function collect(key) {
  const entry = manifest[key];
  if (!entry) throw new Error(`the build has no ${key}`);
  if (files.has('/' + entry.file)) return;
  files.add('/' + entry.file);
  for (const css of entry.css ?? []) files.add('/' + css);
  for (const next of entry.imports ?? []) collect(next);
}

offline.forEach(collect);
const path = 'dist/sw.js';
if (existsSync(path)) {
  const source = readFileSync(path, 'utf8');
  const filled = source.replace('const ASSETS = [];', `const ASSETS = ${JSON.stringify([...files].sort())};`);
  if (filled === source) throw new Error('sw.js has no place for the list of files');
  writeFileSync(path, filled);
}

// Writes dist/ahead.json: for every address the files its page needs, so that the server can name them in the page's head and the
// browser asks for all of them at once; and what it asks first (src/first.json), so that the answers come with the page. Otherwise
// each is found only when the one before it has run: five ways to and fro on slow 4G.
import { readFileSync, writeFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const first = JSON.parse(readFileSync('src/first.json', 'utf8'));
const table = readFileSync('src/routes.ts', 'utf8').matchAll(/pattern: '([^']+)'.*?(?:words: '(\w+)', )?load: \(\) => import\('\.\/([^']+)'\)/g);

function needs(key, seen = new Set()) {
  const entry = manifest[key];
  if (!entry) throw new Error(`the build has no ${key}`);
  if (seen.has(entry.file) || entry.isEntry) return seen;
  seen.add(entry.file);
  for (const next of entry.imports ?? []) needs(next, seen);
  return seen;
}

// The frame's Chinese words are in the frame itself.
const words = (lang, groups) => groups.filter((group) => group || lang !== 'zh').map((group) => `src/messages/${group && group + '/'}${lang}.ts`);
const files = (lang, groups, sources) => [...new Set([...words(lang, groups), ...sources].flatMap((key) => [...needs(key)]))];
const entry = (pattern, groups, sources) => ({ pattern, zh: files('zh', groups, sources), en: files('en', groups, sources), first: first[pattern] ?? [] });

const pages = [...table].map(([, pattern, group, page]) => entry(pattern, group ? ['', 'pages', group] : [''], ['src/' + page]));
if (pages.length < 50) throw new Error(`only ${pages.length} addresses were read in src/routes.ts`);
const lost = Object.keys(first).filter((pattern) => !pages.some((page) => page.pattern === pattern));
if (lost.length) throw new Error('src/first.json has addresses that src/routes.ts has not: ' + lost);
writeFileSync('dist/ahead.json', JSON.stringify(pages));

import { describe, expect, it } from 'vitest';
import { en } from './en';
import { zh } from './zh';

const sources = import.meta.glob<string>(['../**/*.{ts,svelte}', '!./**', '!../**/*.test.ts'], { query: '?raw', import: 'default', eager: true });
const code = Object.values(sources).join('\n');

const zhGroups = import.meta.glob<Record<string, string>>('./*/zh.ts', { import: 'zh', eager: true });
const enGroups = import.meta.glob<Record<string, string>>('./*/en.ts', { import: 'en', eager: true });
const catalogues: { name: string; zh: Record<string, string>; en: Record<string, string> }[] = [
  { name: 'base', zh, en },
  ...Object.entries(zhGroups).map(([path, words]) => ({ name: path.split('/')[1]!, zh: words, en: enGroups[path.replace('zh.ts', 'en.ts')]! })),
];
const words = (group: string) => catalogues.find((c) => c.name === group)?.zh;
const all: Record<string, string> = Object.assign({}, ...catalogues.map((c) => c.zh));

// Families whose second half is a code of the server or of a list: word('state', x), t(`unit.${x}`).
const families = new Set([...code.matchAll(/word\('([a-z_]+)'|t\(`([a-z_]+)\.\$/g)].map((m) => m[1] ?? m[2]));

describe('the words', () => {
  it.each(catalogues)('of $name are complete in both languages, with the same gaps to fill', (c) => {
    expect(Object.keys(c.en).sort()).toEqual(Object.keys(c.zh).sort());
    for (const key of Object.keys(c.zh)) {
      expect(c.en[key]!.trim(), key).not.toBe('');
      expect(c.zh[key]!.trim(), key).not.toBe('');
      const gaps = (s: string) => [...new Set(s.match(/\{\d\}/g) ?? [])].sort();
      expect(gaps(c.en[key]!), key).toEqual(gaps(c.zh[key]!));
    }
  });

  it('are each in one catalogue alone', () => {
    expect(Object.keys(all).length).toBe(catalogues.reduce((n, c) => n + Object.keys(c.zh).length, 0));
  });

  it('are all used', () => {
    const unused = Object.keys(all).filter((key) => !code.includes(`'${key}'`) && !families.has(key.split('.')[0]!));
    expect(unused).toEqual([]);
  });

  it('are never missing where they are shown', () => {
    for (const [page, group, title] of pages()) {
      const have = { ...zh, ...(group && words('pages')), ...(group && words(group)) };
      const asked = [...withParts(page)].flatMap((file) => keysOf(sources[file]!)).concat(title ?? []);
      expect(asked.filter((key) => !(key in have)), page).toEqual([]);
    }
    expect([...code.matchAll(/\bt\(\s*'([^']+)'/g)].filter((m) => !(m[1]! in all))).toEqual([]);
  });

  it('say in English one truck and two trucks', () => {
    const many = /'?(\{\d\} (?!is|was|has|as|ms|looks|answers|comes|waits)[a-z]+s\b|\{\d\} people)/;
    const always = ['desk.all_loads', 'plan.all_trips', 'desk.seconds_n']; // never of one
    const wrong = catalogues.flatMap((c) => Object.entries(c.en)).filter(([key, text]) => many.test(text) && !always.includes(key));
    expect(wrong).toEqual([]);
  });

  it('stay out of the pages: no Chinese sentence is written into a component', () => {
    const stray = [...code.matchAll(/>[^<>{}]*[\u4e00-\u9fff]{2,}[^<>{}]*</g)].map((m) => m[0]).filter((s) => !/集市|中文/.test(s));
    expect(stray).toEqual([]);
  });
});

/** Every page's file, the group of words its route brings, and what its window is called. */
function pages(): [string, string | undefined, string | undefined][] {
  const lines = (sources['../routes.ts']! + sources['../App.svelte']!).split('\n').filter((line) => line.includes('pattern:'));
  expect(lines.length).toBeGreaterThan(20);
  const files = lines.map((line) => ['.' + /import\('([^']+)'\)/.exec(line)![1], /words: '([a-z]+)'/.exec(line)?.[1], /title: '([a-z_.]+)'/.exec(line)?.[1]] as [string, string | undefined, string | undefined]);
  expect(files.every(([file]) => file in sources), files.join()).toBe(true);
  return files;
}

/** A file and all it imports from the product, except what is loaded later. */
function withParts(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !(file in sources)) return seen;
  seen.add(file);
  for (const [, to] of sources[file]!.matchAll(/from '(\.[^']+)'/g)) {
    const path = resolve(file, to!);
    for (const end of ['', '.ts', '/index.ts']) withParts(path + end, seen);
  }
  return seen;
}

function resolve(from: string, to: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const step of to.split('/')) {
    if (step === '..' && parts.at(-1) !== '..') parts.pop();
    else if (step !== '.') parts.push(step);
  }
  return parts.join('/');
}

const keysOf = (text: string) => [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((m) => m[1]!);

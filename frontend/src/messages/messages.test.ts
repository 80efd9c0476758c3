import { describe, expect, it } from 'vitest';
import { en } from './en';
import { zh } from './zh';

const sources = import.meta.glob<string>(['../**/*.{ts,svelte}', '!./*', '!../**/*.test.ts'], { query: '?raw', import: 'default', eager: true });
const code = Object.values(sources).join('\n');

// Families whose second half is a code of the server or of a list: word('state', x), t(`unit.${x}`).
const families = new Set([...code.matchAll(/word\('([a-z_]+)'|t\(`([a-z_]+)\.\$/g)].map((m) => m[1] ?? m[2]));

describe('the words', () => {
  it('are complete in both languages, with the same gaps to fill', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
      expect(en[key].trim(), key).not.toBe('');
      expect(zh[key].trim(), key).not.toBe('');
      const gaps = (s: string) => [...new Set(s.match(/\{\d\}/g) ?? [])].sort();
      expect(gaps(en[key]), key).toEqual(gaps(zh[key]));
    }
  });

  it('are all used', () => {
    const unused = Object.keys(zh).filter((key) => !code.includes(`'${key}'`) && !families.has(key.split('.')[0]!));
    expect(unused).toEqual([]);
  });

  it('are never missing', () => {
    const asked = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((m) => m[1]!);
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => !(key in zh))).toEqual([]);
  });

  it('stay out of the pages: no Chinese sentence is written into a component', () => {
    const stray = [...code.matchAll(/>[^<>{}]*[\u4e00-\u9fff]{2,}[^<>{}]*</g)].map((m) => m[0]).filter((s) => !/集市|中文/.test(s));
    expect(stray).toEqual([]);
  });
});

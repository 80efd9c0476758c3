import { beforeEach, expect, test, vi } from 'vitest';
import { dotted, isolated, t, Words, words as shared, type Bring } from './i18n.svelte';

const kept = new Map<string, string>();
vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? 'zh-CN', setItem: (key: string, value: string) => kept.set(key, value) });
vi.stubGlobal('document', { documentElement: {} });

/** Files that come when the test says so: as many answers wait under a name as were asked for. */
const asked = new Map<string, (() => void)[]>();
const bring: Bring = (group, lang) =>
  new Promise((done) => {
    const name = `${group} ${lang}`;
    asked.set(name, [...(asked.get(name) ?? []), () => done({ [group]: name })]);
  });

/** All that was asked for a name comes; then everything that follows from it happens. */
async function comes(...names: string[]) {
  for (const name of names) {
    for (const answer of asked.get(name) ?? expect.fail(name + ' was not asked for')) answer();
    asked.delete(name);
  }
  await new Promise((done) => setTimeout(done)); // after every step that waits for nothing else
}

let words: Words;

beforeEach(async () => {
  asked.clear();
  words = new Words(bring);
  words.lang = 'zh-CN';
  void words.ready();
  await comes('base zh-CN');
});

test('words of a place that were on their way when another language was chosen come in that language', async () => {
  void words.need('lots');
  void words.choose('en');
  await comes('base en');
  await comes('lots zh-CN');
  await comes('lots en');
  expect(words.catalogue).toEqual({ base: 'base en', lots: 'lots en' });
});

test('a place opened while another language comes has its words in that language', async () => {
  void words.choose('en');
  void words.need('money');
  await comes('money zh-CN');
  await comes('base en');
  await comes('base en', 'money en');
  expect(words.catalogue).toEqual({ base: 'base en', money: 'money en' });
});

test('the language chosen last stays, in whatever order the files come', async () => {
  void words.choose('en');
  void words.choose('zh-CN');
  await comes('base zh-CN');
  await comes('base en');
  expect([words.lang, words.catalogue, kept.get('lang')]).toEqual(['zh-CN', { base: 'base zh-CN' }, 'zh-CN']);
});

test('a text that runs from right to left keeps to itself, and so does a mark that nobody closed', () => {
  const [name, overridden] = ['ئەخمەت', 'a\u202eb'];
  expect(t('{0} · {1}' as never, name, '2月3日')).toBe('\u2068ئەخمەت\u2069 · 2月3日');
  expect(dotted(name, '', undefined, 5, 'b')).toBe('\u2068ئەخمەت\u2069 · 5 · b');
  expect(isolated(overridden)).toBe('\u2068ab\u2069');
  expect(isolated('苹果 🍎 5 吨, "x"')).toBe('苹果 🍎 5 吨, "x"');
});

test('a word beside a number is the one for one or the one for many', () => {
  shared.catalogue = { 'plan.left': '{0} {0|load has|loads have} no truck' };
  expect([t('plan.left', 1), t('plan.left', 2), t('plan.left', '0')]).toEqual(['1 load has no truck', '2 loads have no truck', '0 loads have no truck']);
});

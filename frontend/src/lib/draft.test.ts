import { expect, it } from 'vitest';
import { keep, restore, type Shelf } from './draft.svelte';

function memory(limit = Infinity): Shelf & { rows: Map<string, string> } {
  const rows = new Map<string, string>();
  return {
    rows,
    getItem: (key) => rows.get(key) ?? null,
    setItem: (key, value) => {
      if (value.length > limit) throw new Error('full');
      rows.set(key, value);
    },
    removeItem: (key) => void rows.delete(key),
  };
}

const empty = { line: '', packs: [] as string[], gift: false };

it('gives back what was typed, emoji and right-to-left marks and all', () => {
  const shelf = memory();
  const typed = { line: '苹果 🍎 \u200f3吨', packs: ['6'], gift: true };
  expect(keep(shelf, 'd', typed, empty)).toBe(true);
  expect(restore(shelf, 'd', empty)).toEqual(typed);
});

it('forgets a form that was emptied again', () => {
  const shelf = memory();
  keep(shelf, 'd', { ...empty, line: 'x' }, empty);
  keep(shelf, 'd', { ...empty }, empty);
  expect(shelf.rows.size).toBe(0);
});

it('drops fields of another kind, of an older form, and what is no draft', () => {
  const shelf = memory();
  shelf.setItem('d', '{"line":7,"packs":{},"gift":true,"old":1}');
  expect(restore(shelf, 'd', empty)).toEqual({ line: '', packs: [], gift: true });
  shelf.setItem('d', '{broken');
  expect(restore(shelf, 'd', empty)).toEqual(empty);
  expect(restore(null, 'd', empty)).toEqual(empty);
});

it('says so when the device is full', () => {
  expect(keep(memory(5), 'd', { ...empty, line: 'long enough' }, empty)).toBe(false);
});

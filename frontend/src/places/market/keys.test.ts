import { expect, it } from 'vitest';
import { actOf, toggled } from './keys';

const key = (name: string, more: object = {}) => ({ key: name, target: { tagName: 'A' }, ...more }) as unknown as KeyboardEvent;

it('hears the keys of the list, and not those of a field or of the browser', () => {
  expect(['j', 'k', 'x', '/', '?', 'q'].map((k) => actOf(key(k)))).toEqual(['next', 'back', 'pick', 'ask', 'help', undefined]);
  expect(actOf(key('x', { target: { tagName: 'INPUT' } }))).toBeUndefined();
  expect(actOf(key('k', { ctrlKey: true }))).toBeUndefined();
});

it('ticks and unticks, and compares four at most: the oldest goes', () => {
  expect(toggled('', 'a')).toBe('a');
  expect(toggled('a,b', 'a')).toBe('b');
  expect(toggled('a,b,c,d', 'e')).toBe('b,c,d,e');
});

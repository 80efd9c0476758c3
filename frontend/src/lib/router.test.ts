import { expect, it } from 'vitest';
import { match } from './router.svelte';

it('names the parts of a path', () => {
  expect(match('/trips/:id', '/trips/abc')).toEqual({ id: 'abc' });
  expect(match('/trips/:id', '/trips/a%20b/')).toEqual({ id: 'a b' });
});

it('refuses what is not the pattern', () => {
  expect(match('/trips/:id', '/trips')).toBeNull();
  expect(match('/trips/:id', '/trips/a/b')).toBeNull();
  expect(match('/trips/:id', '/orders/a')).toBeNull();
  expect(match('/trips/:id', '/trips/%E0%A4%A')).toBeNull();
});

it('knows the front page', () => {
  expect(match('/', '/')).toEqual({});
  expect(match('/', '/search')).toBeNull();
});

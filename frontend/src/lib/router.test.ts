import { expect, it } from 'vitest';
import { after, from, here, match } from './router.svelte';

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

it('leads behind a row of a list and back to its beginning, with the rest of the question as it was', () => {
  [here.path, here.query] = ['/orders', '?role=seller'];
  expect([after(), from()]).toEqual([undefined, '/orders?role=seller']);
  expect(from('06h1')).toBe('/orders?role=seller&after=06h1');
  here.query = '?role=seller&after=06h1';
  expect([after(), from('06h0'), from()]).toEqual(['06h1', '/orders?role=seller&after=06h0', '/orders?role=seller']);
  here.query = '?after=06h1';
  expect(from()).toBe('/orders');
});

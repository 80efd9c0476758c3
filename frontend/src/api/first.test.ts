import { beforeEach, expect, test, vi } from 'vitest';
import { First } from './first';

const block = (lang: string) => JSON.stringify({ lang, date: '', answers: { '/api/me': { status: 401, body: null }, '/api/lots': { status: 200, body: [1] } } });

beforeEach(() => vi.stubGlobal('document', { documentElement: { lang: 'zh-CN' } }));

test('gives each answer once', () => {
  const first = new First(block('zh'));
  expect(first.take('get', '/api/lots')).toEqual({ status: 200, ok: true, data: [1] });
  expect(first.take('get', '/api/lots')).toBeUndefined();
  expect(first.take('get', '/api/orders')).toBeUndefined();
  expect(first.take('get', '/api/me')).toMatchObject({ status: 401, ok: false });
});

test('forgets all of them after the first act', () => {
  const first = new First(block('zh'));
  expect(first.take('post', '/api/lots')).toBeUndefined();
  expect(first.take('get', '/api/lots')).toBeUndefined();
});

test('gives none that may be old', () => {
  let age = 30_001;
  const first = new First(block('zh'), () => age);
  expect(first.take('get', '/api/lots')).toBeUndefined();
  age = 0;
  expect(first.take('get', '/api/lots')).toBeUndefined();
});

test('gives none in another language', () => {
  expect(new First(block('en')).take('get', '/api/lots')).toBeUndefined();
  expect(new First(null).take('get', '/api/lots')).toBeUndefined();
});

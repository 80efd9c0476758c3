import { expect, it } from 'vitest';
import type { Found } from '../../api/shapes';
import { filterOf, labelOf, switched, valueOf } from './filters';

it('a facet is narrowed by the filter that the server takes', () => {
  expect(['kind', 'county', 'harvest', 'grade'].map(filterOf)).toEqual(['kinds', 'area', 'age', 'grade']);
  expect(['yes', '富士80'].map(valueOf)).toEqual(['true', '富士80']);
});

it('a value is called as the server calls it', () => {
  const found = { facets: [{ name: 'county', values: [{ value: '610305', label: '凤翔区', count: 2 }] }] } as Found;
  expect(labelOf(found, 'area', '610305')).toBe('凤翔区');
  expect(labelOf(found, 'area', '420103')).toBe('420103');
});

it('a value goes in and out of a list', () => {
  expect(switched(null, 'a')).toBe('a');
  expect(switched('a,b', 'a')).toBe('b');
  expect(switched('b', 'a')).toBe('b,a');
});

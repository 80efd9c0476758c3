import { expect, it } from 'vitest';
import { holds, renewed } from './papers';

const at = Date.parse('2020-02-03T09:00:00+08:00');

it('holds on its last day in China, and says a month before that it ends', () => {
  expect(['2020-02-02', '2020-02-03', '2020-03-03', '2020-04-01'].map((until) => holds(until, at))).toEqual(['over', 'soon', 'soon', 'well']);
});

it('puts a new paper in the place of the old one of its kind', () => {
  expect(renewed([{ kind: 'insurance', number: '1' }, { kind: 'inspection', number: '2' }], { kind: 'insurance', number: '3' }).map((p) => p.number)).toEqual(['2', '3']);
});

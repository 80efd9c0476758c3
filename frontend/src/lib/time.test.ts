import { expect, it } from 'vitest';
import { actedAt, day, inChina, local, when } from './time';

it('shows every instant in China\'s time, wherever the phone is', () => {
  expect(when('2020-02-03T06:00:00Z', 'zh-CN')).toBe('2月3日 14:00');
  expect(when('2020-02-03T23:30:00+08:00', 'en')).toBe('3 Feb 23:30');
  expect(when('soon', 'en')).toBe('soon');
  expect(when(undefined, 'en')).toBe('');
});

it('names a calendar day', () => {
  expect(day('2020-02-01', 'zh-CN')).toBe('2020年2月1日');
  expect(day('2020-02-01', 'en')).toBe('1 Feb 2020');
});

it('turns a field into an instant and back', () => {
  expect(inChina('2020-02-03T14:00')).toBe('2020-02-03T14:00:00+08:00');
  expect(local(Date.parse('2020-02-03T06:00:00Z'))).toBe('2020-02-03T14:00');
  expect(actedAt(Date.parse('2020-02-03T06:00:05Z'))).toBe('2020-02-03T14:00:05+08:00');
});

import { expect, it } from 'vitest';
import { MOST, readBulk } from './bulk';

it('reads a pasted order and passes over its heading; a bare number is kilograms', () => {
  const got = readBulk('\ufeff品名\t重量\t卖方\n苹果 富士80\t5吨\t凤翔柳林\n大葱\t1,200\n梨\t３００ 斤\n\n');
  expect(got.wrong).toEqual([]);
  expect(got.lines.map((l) => [l.row, l.what, l.weight, l.seller])).toEqual([[2, '苹果 富士80', '5吨', '凤翔柳林'], [3, '大葱', '1200公斤', ''], [4, '梨', '300斤', '']]);
});

it('names the rows it can not read and takes the others', () => {
  const got = readBulk('苹果;many\n苹果;5吨\n;3吨\n梨;-2吨\n葱;0');
  expect(got.lines.map((l) => l.row)).toEqual([2]);
  expect(got.wrong).toEqual([3, 4, 5]);
  expect(readBulk('苹果 5吨').lines).toEqual([]);
});

it('takes so many lines as a cart does, and says which are too many', () => {
  const got = readBulk(Array.from({ length: MOST + 2 }, () => '苹果;1吨').join('\n'));
  expect(got.lines).toHaveLength(MOST);
  expect(got.wrong).toEqual([MOST + 1, MOST + 2]);
});

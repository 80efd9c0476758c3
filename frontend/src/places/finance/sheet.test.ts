import { expect, it } from 'vitest';
import { read } from './sheet';

it('reads a pasted statement and passes over its heading', () => {
  const got = read('\ufeff参考号\t金额\t时间\t付款人\nJS2002AB\t¥60,000.00\t2020/2/2 15:30\t某公司\n\n');
  expect(got.wrong).toEqual([]);
  expect(got.lines).toEqual([{ client_id: 'JS2002AB/2020-02-02T15:30:00+08:00/60000.00', reference: 'JS2002AB', amount: '60000.00元', paid_at: '2020-02-02T15:30:00+08:00', payer: '某公司' }]);
});

it('gives the same line the same id, so that pasting twice pays once', () => {
  const row = 'JS1;16000;2020-02-02;某公司';
  expect(read(row).lines[0]!.client_id).toBe(read(row + '\n').lines[0]!.client_id);
});

it('names the rows with wrong columns, amounts or days', () => {
  const got = read('JS1\t5.001\t2020-02-02\tx\nJS2\tmany\t2020-02-02\tx\nJS3\t5\tyesterday\tx\nJS4\t5\nJS5\t5\t2020-02-02\tx');
  expect(got.lines.map((l) => l.reference)).toEqual(['JS5']);
  expect(got.wrong).toEqual([1, 2, 3, 4]);
});

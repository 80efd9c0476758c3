import { expect, it } from 'vitest';
import { csv } from './save';

it('opens in a Chinese spreadsheet: byte order mark, CRLF, quotes', () => {
  expect(csv([['品名', '公斤'], ['苹果, "富士"', 5004], ['两\n行', -3.5]])).toBe('\ufeff品名,公斤\r\n"苹果, ""富士""",5004\r\n"两\n行",-3.5\r\n');
});

it('writes no formula, whoever chose the name', () => {
  expect(csv([['=HYPERLINK(1)', '+1', '@x', '-cmd', '-12']])).toBe("\ufeff'=HYPERLINK(1),'+1,'@x,'-cmd,-12\r\n");
  for (const text of [' =1+1', '\ufeff=1+1', '\t1', '-1+cmd|x', '-2.5.x']) expect(csv([[text]])).toBe("\ufeff'" + text + '\r\n');
});

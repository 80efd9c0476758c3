// A cooperative's table goes from its own spreadsheet into the market, and back out whole.
import { expectSound, visit, watch } from './look';
import { expect, test } from './market';

test.use({ moment: 'listed' });

test('a table of lots is read, corrected by leaving out, imported and taken back @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  await as('liulin');
  await page.addInitScript(() => localStorage.setItem('lang', 'en'));
  await visit(page, '/lots/import');
  const table = '品类,净重(公斤),毛重(公斤),单价(元/公斤)\n苹果,1250,1300,6\n苹果,3250,3000,6\n苹果,1.000,,6\n';
  await page.locator('input[type=file]').setInputFiles({ name: 'lots.csv', mimeType: 'text/csv', buffer: Buffer.from('\ufeff' + table) });
  await page.getByRole('button', { name: 'Read it first' }).click();
  await expect(page.getByRole('status')).toContainText('1 row can be imported, 2 are wrong');
  await expect(page.getByRole('row', { name: /3 毛重\(公斤\)/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /4 净重\(公斤\)/ })).toBeVisible();
  await expectSound(page, errors);
  await page.getByLabel(/Leave the 2 wrong rows out/).check();
  await page.getByRole('button', { name: 'Yes, import 1 row' }).click();
  await expect(page.getByRole('status')).toContainText('All imported');
  const lots = await market.ask('liulin', 'GET', '/lots?party=' + '11v11n'.padStart(26, '0'));
  expect(lots.filter((l: { weighed_grams: number }) => l.weighed_grams === 1_250_000)).toHaveLength(1);
  await page.getByRole('button', { name: 'Take it all back' }).click();
  await expect(page.getByRole('status')).toContainText('Taken back');
  await expectSound(page, errors);
  await page.addInitScript(() => localStorage.setItem('lang', 'zh-CN'));
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.getByRole('status')).toBeVisible();
  await expectSound(page, errors);
});

test('a table without the columns that are needed is refused in one sentence that names them; the right one goes through', async ({ page, as }) => {
  await as('liulin');
  await visit(page, '/lots/import');
  const choose = (text: string) => page.locator('input[type=file]').setInputFiles({ name: 'lots.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await choose('姓名,电话\n甲,123\n');
  await page.getByRole('button', { name: '先读一遍' }).click();
  await expect(page.getByRole('alert')).toContainText('第一行要写列名：品类, 净重 (公斤)');
  await expect(page).toHaveURL(/\/lots\/import$/);
  await choose('品类,净重(公斤)\n苹果,1250\n');
  await page.getByRole('button', { name: '先读一遍' }).click();
  await expect(page).toHaveURL(/\/lots\/imports\//);
});

test('a pasted statement with wrong columns stays where it was typed, through a reload too @desk', async ({ page, as }) => {
  const errors = watch(page);
  await as('finance');
  await visit(page, '/finance/statements');
  const pasted = '姓名,电话\n甲,123';
  await page.getByLabel('或者粘贴在这里').fill(pasted);
  await page.getByRole('button', { name: '先读一遍' }).click();
  await expect(page.getByRole('alert')).toContainText('第一行要写列名：交易日期, 贷方金额, 附言');
  await expect(page.getByLabel('或者粘贴在这里')).toHaveValue(pasted);
  await page.reload();
  await expect(page.getByLabel('或者粘贴在这里')).toHaveValue(pasted);
  await page.getByLabel('或者粘贴在这里').fill('交易日期,贷方金额,附言\n2020-02-02,100.00,不知道');
  await page.getByRole('button', { name: '先读一遍' }).click();
  await expect(page).toHaveURL(/\/finance\/statements\/.+/);
  await expect(page.getByRole('status')).toBeVisible();
  await expectSound(page, errors);
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expectSound(page, errors);
});

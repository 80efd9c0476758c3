import { expect, test } from './market';
import { person, stage } from './answers';
import { expectSound, visit, watch } from './look';

const shots = process.env.JISHI_SHOTS;

const pages: [path: string, ...roles: string[]][] = [
  ['/'], ['/', 'dispatcher'], ['/sign-in'], ['/search?q=苹果&to=420103'],
  ['/demands', 'receiver'], ['/demands/new', 'receiver'], ['/demands/d1', 'receiver', 'donor'], ['/gifts'], ['/gifts/c1'], ['/campaigns/new', 'donor'],
  ['/campaigns/c1', 'donor'], ['/orders/new?offer=offer1', 'donor'], ['/orders/bulk', 'buyer'], ['/finance', 'finance'], ['/finance/statements', 'finance'], ['/finance/payouts', 'finance'], ['/finance/held', 'finance'], ['/payouts', 'coop'], ['/invoices', 'finance'], ['/invoices/i1', 'buyer'], ['/finance/payouts/r1', 'finance'],
  ['/vehicles', 'carrier'], ['/trips/t1/waybill', 'driver'],
];

for (const [path, ...roles] of pages) {
  test(`${path} ${roles.join('+')} is sound in Chinese and English`, async ({ page }, info) => {
    const errors = watch(page);
    await stage(page, roles.length ? person(...roles) : null);
    for (const lang of ['zh-CN', 'en']) {
      await page.addInitScript((l) => localStorage.setItem('lang', l), lang);
      await visit(page, path);
      for (const s of await page.locator('main summary').all()) if (!(await s.evaluate((e) => (e.parentElement as HTMLDetailsElement).open))) await s.click();
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      if (shots) await page.screenshot({ path: `${shots}/${info.project.name}-${lang}-${path.replace(/[^a-z0-9]+/gi, '_')}-${roles.join('+')}.png`, fullPage: true });
      await expectSound(page, errors);
    }
  });
}

test('a page asks the server once, not again and again', async ({ page }) => {
  let asked = 0;
  await stage(page, person('buyer'), (call) => {
    if (call.path === '/offers/offer1') asked++;
    return false;
  });
  await visit(page, '/offers/offer1');
  await page.waitForTimeout(500);
  expect(asked).toBe(1);
});

test('dark mode keeps its contrast', async ({ page }) => {
  const errors = watch(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await stage(page, person('dispatcher'));
  for (const path of ['/gifts/c1', '/search?q=苹果']) {
    await visit(page, path);
    await expectSound(page, errors);
  }
});

test('elder mode and text at 200 % break no page', async ({ page }) => {
  const errors = watch(page);
  await page.addInitScript(() => localStorage.setItem('elder', '1'));
  await stage(page, person('driver', 'coop'));
  for (const path of ['/gifts/c1']) {
    await visit(page, path);
    await expectSound(page, errors);
  }
});

test('the market is walked by keyboard alone @desk', async ({ page }) => {
  await stage(page, null);
  await visit(page, '/search?q=苹果');
  await page.keyboard.press('/');
  await expect(page.locator('input[type=search]')).toBeFocused();
  await page.locator('h1').click();
  await page.keyboard.press('j');
  await expect(page.locator('.hit a').first()).toBeFocused();
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page).toHaveURL(/compare=offer1%2Coffer2/);
  // The second costs less at the farm and more at the door: the door decides.
  const door = page.locator('tr', { hasText: '到门价' }).locator('td');
  await expect(door.nth(0)).toContainText('最低');
  await expect(door.nth(1)).not.toContainText('最低');
  await page.keyboard.press('?');
  await expect(page.getByText('键盘：')).toBeVisible();
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/offers\/offer1$/);
});

test('an order pasted from a sheet shows what it found, names the row it can not read, and is sent as one cart @desk', async ({ page }) => {
  const errors = watch(page);
  const calls = await stage(page, person('buyer'));
  await visit(page, '/orders/bulk');
  await page.locator('textarea').fill('品名\t重量\n苹果 富士80\t5吨\n大葱\t很多\n');
  await expect(page.getByText('第 3 行看不懂')).toBeVisible();
  await page.getByRole('button', { name: '到市场找货' }).click();
  await expect(page.getByRole('cell', { name: '5吨' })).toBeVisible();
  await expectSound(page, errors);
  expect(calls).toEqual([]);
  await page.getByRole('button', { name: '下单 1 行' }).click();
  await expect.poll(() => calls.map((c) => [c.path, c.body?.lines])).toEqual([['/carts', [{ offer: 'offer1', version: 1, weight: '5吨' }]]]);
});

test('a page for others says so to whoever is signed in', async ({ page }) => {
  for (const [who, said] of [[null, '这一页要先登录。'], [person('finance'), '您的账户没有这一页的权限']] as const) {
    await page.unrouteAll();
    await stage(page, who);
    await visit(page, '/price-watch');
    await expect(page.getByText(said)).toBeVisible();
  }
});

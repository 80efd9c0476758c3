// The market's search page on the real server: what was read out of the words, what narrows and orders the list, what it costs
// at the door.
import { asksItself, expectSound, open, visit, watch } from './look';
import { expect, test } from './market';

const ask = (q: string, more = '') => `/search?q=${encodeURIComponent(q)}${more}`;

test.describe('the market', () => {
  test.use({ moment: 'listed' });

  test('completes what is typed in pinyin, marks what matched, and is narrowed by what it counts @phone', async ({ page, market }) => {
    expect(market.url).toBeTruthy();
    const errors = watch(page);
    await visit(page, '/search');
    const field = page.getByRole('combobox', { name: '要找什么' });
    await field.pressSequentially('pingg');
    await expect(page.getByRole('option', { name: /^苹果/ })).toBeVisible();
    await expectSound(page, errors);
    await field.press('ArrowDown');
    await field.press('Enter');
    await expect(page).toHaveURL(/q=%E8%8B%B9%E6%9E%9C/);
    await expect(page.locator('.hit h2 mark').first()).toHaveText('苹果');
    await open(page);
    await page.locator('.facets').getByRole('link', { name: '凤翔区 1' }).click();
    await expect(page.getByRole('status').filter({ hasText: '找到 1 条' })).toBeVisible();
    await page.getByRole('link', { name: '去掉“产地 凤翔区”' }).click();
    await expect(page).not.toHaveURL(/area/);
    await expect(page.getByRole('status').filter({ hasText: '找到 3 条' })).toBeVisible();
  });

  test('shows the conditions it read, each to be taken off, and what the price at the door is made of @phone', async ({ page }) => {
    const errors = watch(page);
    await visit(page, ask('苹果 5吨 7元以下 送到武汉', '&kinds=offer'));
    for (const label of ['≥ 5 吨', '≤ 7 元/kg', '送到 武汉市']) await expect(page.getByRole('link', { name: `去掉“${label}”` })).toBeVisible();
    await expect(page.getByText('到门价按 10,000 斤 = 5,000 公斤 = 5 吨 送到武汉市算')).toBeVisible();
    await page.locator('.hit summary').click();
    await expect(page.locator('.hit dl')).toContainText('货价');
    await expect(page.locator('.hit dl')).toContainText('运费');
    await expect(page.locator('.hit dl')).toContainText('过路费');
    await expectSound(page, errors);
    await page.getByLabel('排序').selectOption({ label: '到门价低的在前' });
    await expect(page).toHaveURL(/sort=delivered/);
    await expect(page.locator('.hit')).toHaveCount(1);
    await page.getByRole('link', { name: '去掉“≤ 7 元/kg”' }).click();
    await expect(page.getByRole('link', { name: '去掉“≤ 7 元/kg”' })).toHaveCount(0);
    await expect(page.getByRole('combobox', { name: '要找什么' })).toHaveValue('苹果 5吨 送到武汉');
  });

  test('every order it offers is one that the server knows @phone', async ({ page }) => {
    await visit(page, ask('苹果', '&to=420100&to_name=' + encodeURIComponent('武汉市')));
    for (const option of await page.getByLabel('排序').locator('option').evaluateAll((all) => all.map((o) => (o as HTMLOptionElement).value))) {
      await page.getByLabel('排序').selectOption(option);
      await expect(page.locator('.hit')).toHaveCount(3);
      await expect(page.getByRole('alert')).toHaveCount(0);
    }
  });
});

test.describe('in English the market', () => {
  test.use({ moment: 'listed', lang: 'en' });

  test('asks what was meant, and says that its list is short while search is away @desk', async ({ page }) => {
    const errors = watch(page);
    await visit(page, ask('aplpe 5t to wuhan'));
    await expect(page.getByRole('link', { name: 'Without “≥ 5 t”' })).toBeVisible();
    await page.getByText('Did you mean').getByRole('link').click();
    await expect(page.getByRole('combobox', { name: 'What are you looking for' })).toHaveValue('apple 5t to wuhan');
    await expectSound(page, errors);
    // The engine's absence itself is tried on the server; here only that its sentence reaches the reader.
    await asksItself(page);
    await page.route('**/api/search?*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), incomplete: true, facets: [], notice: 'Search is away just now.' } });
    });
    await page.reload();
    await expect(page.getByText('Search is away just now.')).toBeVisible();
    await expect(page.locator('.hit').first()).toBeVisible();
    await expectSound(page, errors);
  });
});

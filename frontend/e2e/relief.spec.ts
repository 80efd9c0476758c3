import { expect, test } from './market';
import { answered, expectSound, visit, watch } from './look';

/** The figures of the report that lead on, as they are written. */
const figures = 'table a[href^="/relief-report/lines"]';

for (const login of ['auditor', 'firm']) {
  test(`each figure of the relief report opens what sums to it, for ${login} @phone`, async ({ page, as }) => {
    const errors = watch(page);
    await as(login);
    await visit(page, '/relief-report');
    const said = await page.locator(figures).allTextContents();
    expect(said.length).toBeGreaterThan(1);
    for (const [i, figure] of said.entries()) {
      await page.locator(figures).nth(i).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText(figure);
      await expect(page.locator('#shown strong')).toHaveText(figure);
      const amount = (text: string) => Number(text.replace(/[^\d.-]/g, ''));
      for (const card of await page.locator('article').all()) {
        const parts = await card.locator('li .row > span:last-child').allTextContents();
        expect(parts.reduce((n, part) => n + amount(part), 0)).toBeCloseTo(amount((await card.locator('> .row > strong').last().textContent())!), 3);
      }
      await expect(page.locator('article .code'), 'accounts, for whoever may open them').toHaveCount(login === 'auditor' ? await page.locator('article li').count() : 0);
      await expectSound(page, errors);
      await page.goBack();
      await expect(page.locator(figures).nth(i)).toHaveText(figure);
    }
  });
}

test('an auditor goes from a figure to the account in the journal, and back to the months it asked for @phone', async ({ page, as }) => {
  await as('auditor');
  await visit(page, '/relief-report');
  await page.locator('input[name=from]').fill('2020-02');
  await page.locator('input[name=to]').fill('2020-02');
  await page.locator(figures).first().click();
  await page.locator('article li a').first().click();
  await expect(page.locator('table')).toContainText('consign/');
  await page.goBack();
  await page.goBack();
  await expect(page.locator('input[name=from]')).toHaveValue('2020-02');
});

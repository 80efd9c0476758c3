// Finance lets a buyer pay after delivery; the buyer sees how much it may owe, and owes.
import { expectSound, visit, watch } from './look';
import { expect, grantOf, lineOf, test } from './market';

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);

  test.describe(lang, () => {
    test.use({ moment: 'listed', lang });

    test(`finance sets a buyer’s terms and the buyer sees them (${lang}) ${lang === 'en' ? '@desk' : '@phone'}`, async ({ page, as, market }, info) => {
      const errors = watch(page);
      const shot = (name: string) => process.env.JISHI_SHOTS && page.screenshot({ path: `${process.env.JISHI_SHOTS}/${info.project.name}-${lang}-${name}.png`, fullPage: true });
      const firm = await grantOf(market, 'firm');
      await as('finance');
      await visit(page, '/invoices');
      await page.getByRole('link', { name: say('账期和额度', 'Credit terms') }).click();
      await page.getByLabel(say('哪一类买方', 'Kind of buyer')).selectOption('donor');
      await page.getByRole('combobox', { name: say('买方', 'Buyer'), exact: true }).selectOption({ label: firm.party_name });
      await expect(page.getByText(say('没有账期：下单后先付款。', 'No credit terms: orders are paid before they leave.'))).toBeVisible();
      await expectSound(page, errors);
      await page.getByLabel(say('额度（元）', 'Limit (yuan)')).fill('很多');
      await page.getByRole('button', { name: say('定下来', 'Set the terms') }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await expect(page.getByLabel(say('额度（元）', 'Limit (yuan)'))).toBeFocused();
      await page.getByLabel(say('额度（元）', 'Limit (yuan)')).fill('50,000');
      await page.getByLabel(say('账期（天）', 'Days to pay')).fill('45');
      await page.getByRole('button', { name: say('定下来', 'Set the terms') }).click();
      await expect(page.getByText('¥50,000.00').first()).toBeVisible();
      expect(await market.ask('firm', 'GET', `/parties/${firm.party}/credit-terms`)).toMatchObject({ limit_fen: 5_000_000, days: 45, used_fen: 0 });
      await expectSound(page, errors);
      await shot('credit-finance');

      const offer = (await market.ask('firm', 'GET', '/search?kind=offer')).hits.find((h: any) => h.kind === 'offer');
      const order = await market.ask('firm', 'POST', '/orders', { buyer: firm.party, lines: [await lineOf(market, offer.id, '500 kg')] });
      await as('firm');
      await visit(page, '/credit-terms');
      await expect(page.locator('dd').first()).toHaveText('¥50,000.00');
      await expect(page.getByText(say('月底后 45 天内付', 'within 45 days after the month ends'))).toBeVisible();
      const terms = await market.ask('firm', 'GET', `/parties/${firm.party}/credit-terms`);
      expect(terms.used_fen).toBe(order.invoice.fen);
      await expect(page.getByRole('button', { name: say('定下来', 'Set the terms') })).toHaveCount(0);
      await expectSound(page, errors);
      await shot('credit-buyer');
    });
  });
}

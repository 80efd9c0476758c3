// The audit as an auditor reads it: what was done, in words, and by whom.
import { expectSound, visit, watch } from './look';
import { expect, test } from './market';

for (const [lang, words] of [['zh-CN', ['提交订单', '确认订单', '货物验收', '订单结算']], ['en', ['order sent', 'order confirmed', 'goods accepted', 'order settled']]] as const) {
  test.describe(lang, () => {
    test.use({ lang });
    test(`what was done to an order, and by whom, is said in words, in its order (${lang}) @phone`, async ({ page, as, market }) => {
      const errors = watch(page);
      const [order] = await market.ask('finance', 'GET', '/orders');
      await as('auditor');
      await visit(page, '/audit?subject=order/' + order.id);
      const acts = await page.getByRole('table').first().locator('tbody td:nth-child(3)').allTextContents();
      expect([...new Set(acts.filter((act) => (words as readonly string[]).includes(act)))]).toEqual(words);
      expect(acts.filter((act) => /[._]/.test(act)), 'codes').toEqual([]);
      const who = await page.getByRole('table').first().locator('tbody td:nth-child(2)').allTextContents();
      expect(who, 'who settled it, by name').toContain((await market.ask('finance', 'GET', '/me')).name);
      expect(who.filter((name) => /[/]|[0-9a-z]{20}/.test(name)), 'ids').toEqual([]);
      await expectSound(page, errors);
    });
  });
}

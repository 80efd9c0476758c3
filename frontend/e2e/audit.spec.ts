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
      const acts = await page.getByRole('table').first().locator('tbody td:nth-child(2)').allTextContents();
      expect([...new Set(acts.filter((act) => (words as readonly string[]).includes(act)))]).toEqual(words);
      expect(acts.filter((act) => /[._]/.test(act)), 'codes').toEqual([]);
      const who = await page.getByRole('table').first().locator('tbody td:nth-child(3)').allTextContents();
      expect(who, 'who settled it, by name').toContain((await market.ask('finance', 'GET', '/me')).name);
      expect(who.filter((name) => /[/]|[0-9a-z]{20}/.test(name)), 'ids').toEqual([]);
      await expectSound(page, errors);
    });
  });
}

test.describe('on a phone of 360 px', () => {
  test.use({ viewport: { width: 360, height: 740 } });
  test('what was done and who did it are read without pushing the table @phone', async ({ page, as, market }) => {
    const [order] = await market.ask('finance', 'GET', '/orders');
    const events = await market.ask('auditor', 'GET', '/audit?subject=order/' + order.id);
    await as('auditor');
    await visit(page, '/audit?subject=order/' + order.id);
    const acts = page.getByRole('table').first().getByRole('cell', { name: events[0].act_name });
    await expect(acts.first()).toBeVisible();
    await page.screenshot({ path: test.info().outputPath('audit.png'), fullPage: true });
    const box = await acts.first().boundingBox();
    expect(box!.x + box!.width).toBeLessThanOrEqual(360);
    const who = await page.getByRole('table').first().getByRole('cell', { name: events[0].actor_name, exact: true }).first().boundingBox();
    expect(who!.x + who!.width).toBeLessThanOrEqual(360);
  });
});

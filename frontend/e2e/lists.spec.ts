// A list of more than a page: what is older is a tap away, and "back" leads back.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test } from './market';

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);
  test.describe(lang, () => {
    test.use({ moment: 'listed', lang });

    test(`a seller finds the hundred and first question for a price (${lang})`, async ({ page, as, market }) => {
      const errors = watch(page);
      const body = { buyer: await partyOf(market, 'firm'), sellers: [await partyOf(market, 'liulin', 'coop')], produce: '苹果' };
      for (let i = 0; i < 102; i++) await market.ask('firm', 'POST', '/quotations', { ...body, weight: `${200 + i}公斤` });
      const rows = page.getByRole('heading', { level: 2 });
      const [older, newest] = [page.getByRole('link', { name: say('更早的', 'Older') }), page.getByRole('link', { name: say('回到最新', 'Back to the newest') })];
      await as('liulin');
      await visit(page, '/quotations');
      await expect(rows).toHaveCount(100);
      await expect(rows.first()).toContainText('301');
      await expect(newest).toHaveCount(0);
      await older.click();
      await expect(rows).toHaveCount(2);
      await expect(rows.last()).toContainText('200');
      await expect(older).toHaveCount(0);
      await expectSound(page, errors);
      await page.goBack();
      await expect(rows.first()).toContainText('301');
      await page.goForward();
      await newest.click();
      await expect(rows).toHaveCount(100);
      await expect(page).toHaveURL(/\/quotations$/);
    });

    test(`needs that ended stand apart from those that are open (${lang})`, async ({ page, market }) => {
      const errors = watch(page);
      const union = await partyOf(market, 'union', 'receiver');
      const need = () => market.ask('union', 'POST', '/demands', { party: union, produce: '大葱', amount: { kind: 'unknown' }, place: { adcode: '420103' } });
      const [open, ended] = [await need(), await need()];
      await market.ask('union', 'POST', `/demands/${ended.id}/refuse-more`, { reason: '够了' });
      const link = (id: string) => page.locator(`a[href="/demands/${id}"]`);
      await visit(page, '/demands');
      await expect(link(open.id).first()).toBeVisible();
      await expect(link(ended.id)).toHaveCount(0);
      await page.getByRole('link', { name: say('结束了的需求', 'Needs that ended') }).click();
      await expect(link(ended.id).first()).toBeVisible();
      await expectSound(page, errors);
      await page.getByRole('link', { name: say('还要的需求', 'Needs that are open') }).click();
      await expect(link(ended.id)).toHaveCount(0);
    });
  });
}

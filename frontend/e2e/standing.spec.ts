// What is bought again every week: made from an offer, its draft looked at and sent, paused and ended.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test, type Page } from './market';
import type { TestInfo } from '@playwright/test';

const shot = (page: Page, info: TestInfo, name: string) =>
  process.env.JISHI_SHOTS ? page.screenshot({ path: `${process.env.JISHI_SHOTS}/${name}-${info.project.name}-${info.title.slice(-13, -8)}.png`, fullPage: true }) : null;
const monday = '2020-02-03T08:00:00+08:00';

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);

  test.describe(lang, () => {
    test.use({ moment: 'listed', lang });

    test(`a weekly order makes a draft, which its buyer sends (${lang}) @phone`, async ({ page, context, as, market }, info) => {
      const errors = watch(page);
      const seller = await partyOf(market, 'liulin', 'coop');
      const offer = (await market.ask('firm', 'GET', '/offers')).find((o: any) => o.seller === seller);
      await as('firm');
      await visit(page, '/offers/' + offer.id);
      await page.getByRole('link', { name: say('每周或每月订', 'Order every week or month') }).click();
      await page.getByLabel(say('重量', 'Weight'), { exact: true }).fill('200');
      await page.getByLabel(say('多久一次', 'How often')).selectOption('month');
      await page.getByLabel(say('每月几号（1 到 28）', 'Day of the month (1 to 28)')).fill('3');
      await page.locator('[name=until]').fill('2020-02-02');
      await expectSound(page, errors);
      const make = page.getByRole('button', { name: say('定下来', 'Make it') });
      await make.click();
      await expect(page.locator('[name=until]'), 'the bad field').toBeFocused();
      await page.locator('[name=until]').fill('2020-02-20');
      await page.locator('[name=most]').fill('99');
      await page.getByLabel(say('多久一次', 'How often')).selectOption('week');
      await page.getByLabel(say('星期几', 'Day of the week')).selectOption({ label: say('星期一', 'Monday') });
      await make.click();
      await expect(page).toHaveURL(/standing-orders\/\w+$/);
      const own = new URL(page.url()).pathname;
      await expect(page.getByRole('heading', { level: 1 })).toContainText(say('每周星期一', 'Every Monday'));
      await expect(page.getByRole('navigation').getByRole('link', { name: say('订单', 'Orders') })).toHaveAttribute('aria-current', 'page');
      await expect(page.locator('dd.big')).toHaveText(say('2月3日 06:00', '3 Feb 06:00'));
      await expect(page.getByText(say('2020年2月20日', '20 Feb 2020'))).toBeVisible();
      await expect(page.getByText(say('最高价', 'Highest price'))).toBeVisible();
      await expectSound(page, errors);

      await as('operator');
      const due = await page.request.post('/api/due', { data: {}, headers: { 'X-Jishi-Clock': monday } });
      expect((await due.json()).drafts).toBe(1);

      await as('firm');
      await context.setExtraHTTPHeaders({ 'X-Jishi-Clock': monday });
      await page.clock.setSystemTime(new Date(monday));
      await visit(page, '/');
      await page.getByRole('link', { name: say('草稿单等您看过发出', 'Draft to look at and send') }).click();
      await expect(page.getByText(say('卖方还没有收到', 'the seller has not got it'))).toBeVisible();
      const order = new URL(page.url()).pathname;
      await expect(page.getByRole('main').locator('button, summary').first(), 'what it is opened for').toHaveText(say('发出订单', 'Send the order'));
      await expectSound(page, errors);
      expect((await market.ask('firm', 'GET', order)).state).toBe('draft');
      await page.getByText(say('改重量', 'Change the weight'), { exact: true }).click();
      await expect(page.getByLabel(say('重量', 'Weight'), { exact: true })).toHaveValue('200');
      await page.getByLabel(say('重量', 'Weight'), { exact: true }).fill('90000');
      await page.getByRole('button', { name: say('保存重量', 'Save the weight') }).click();
      await expect(page.getByLabel(say('重量', 'Weight'), { exact: true }), 'more than there is').toBeFocused();
      await page.getByLabel(say('重量', 'Weight'), { exact: true }).fill('250');
      await expectSound(page, errors);
      await shot(page, info, 'draft');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('main')).toContainText('250 kg');
      await page.getByRole('button', { name: say('发出订单', 'Send the order') }).click();
      await expect(page.getByText(say('待卖方确认', 'Sent to the seller')).first()).toBeVisible();
      expect((await market.ask('liulin', 'GET', order)).state).toBe('submitted');

      await as('liulin');
      await visit(page, '/orders');
      await page.getByRole('link', { name: say('定期订单', 'Standing orders') }).click();
      await expect(page.getByLabel(say('显示', 'Show'))).toHaveValue('seller');
      await expectSound(page, errors);
      await page.getByRole('link', { name: /200/ }).click();
      await expect(page).toHaveURL(own);
      await expect(page.locator('dd.big')).toHaveText(say('2月10日 06:00', '10 Feb 06:00'));
      await expect(page.locator(`a[href="${order}"]`), 'the order that was sent').toBeVisible();
      await expect(page.getByText(say('最高价', 'Highest price')), "the buyer's own limit").toHaveCount(0);
      await expect(page.getByRole('button', { name: say('暂停', 'Pause'), exact: true })).toHaveCount(0);
      await expectSound(page, errors);

      await as('firm');
      await visit(page, '/orders');
      await page.getByRole('link', { name: say('定期订单', 'Standing orders') }).click();
      await page.getByRole('link', { name: /200/ }).click();
      await expect(page).toHaveURL(own);
      await expect(page.locator('dd.big'), 'the next one').toHaveText(say('2月10日 06:00', '10 Feb 06:00'));
      await page.locator('summary', { hasText: say('修改', 'Change it') }).click();
      await expect(page.locator('[name=most]')).toHaveValue('99');
      await expect(page.locator('[name=until]')).toHaveValue('2020-02-20');
      await page.getByLabel(say('重量', 'Weight'), { exact: true }).fill('220');
      await page.locator('[name=most]').fill('');
      await page.locator('[name=until]').fill('2020-02-04');
      const save = page.getByRole('button', { name: say('保存修改', 'Save the change') });
      await save.click();
      await expect(page.locator('[name=until]'), 'no day left').toBeFocused();
      await page.locator('[name=until]').fill('2020-03-20');
      await expectSound(page, errors);
      await shot(page, info, 'standing');
      await save.click();
      await expect(page.getByText(say('2020年3月20日', '20 Mar 2020'))).toBeVisible();
      await expect(page.getByRole('main')).toContainText(say('220 公斤', '220 kg'));
      expect((await market.ask('firm', 'GET', own)).most_e4, 'any price').toBeUndefined();
      expect((await market.ask('liulin', 'GET', order)).lines[0].grams, 'what was ordered').toBe(250_000);
      await page.getByRole('button', { name: say('暂停', 'Pause'), exact: true }).click();
      await expect(page.getByRole('button', { name: say('恢复', 'Go on') })).toBeVisible();
      await expect(page.locator('dd.big')).toHaveCount(0);
      await expectSound(page, errors);
      await page.getByRole('button', { name: say('恢复', 'Go on') }).click();
      await expect(page.getByRole('button', { name: say('暂停', 'Pause'), exact: true })).toBeVisible();
      page.once('dialog', (d) => d.accept());
      await page.getByRole('button', { name: say('结束', 'End it') }).click();
      await expect(page.getByRole('button', { name: say('暂停', 'Pause'), exact: true })).toHaveCount(0);
      expect((await market.ask('firm', 'GET', own)).state).toBe('ended');
    });
  });
}

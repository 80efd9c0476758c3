// Who cancels an order is told before what it costs, and by which rule: the buyer and the seller.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test, type Market, type Page } from './market';

test.use({ moment: 'listed' });

/** An order of the firm for 500 kg of the cooperative's apples, which can be fetched already, answered or not. */
async function ordered(market: Market, confirmed: boolean) {
  const seller = await partyOf(market, 'liulin', 'coop');
  const offer = (await market.ask('firm', 'GET', '/offers')).find((o: any) => o.seller === seller);
  const order = await market.ask('firm', 'POST', '/orders', { buyer: await partyOf(market, 'firm'), lines: [{ offer: offer.id, version: offer.version, weight: '500 kg' }] });
  if (confirmed) await market.ask('liulin', 'POST', `/orders/${order.id}/confirm`);
  return order as { id: string; buyer_name: string; invoice: { fen: number } };
}

const stateOf = async (market: Market, id: string) => (await market.ask('firm', 'GET', '/orders/' + id)).state;
const yuan = (fen: number) => '¥' + (fen / 100).toLocaleString('en', { minimumFractionDigits: 2 });

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);
  const fold = (page: Page) => page.locator('details', { has: page.locator('summary', { hasText: say('取消订单', 'Cancel the order') }) });
  const press = (page: Page) => fold(page).getByRole('button', { name: say('取消订单', 'Cancel the order') }).click();

  test.describe(lang, () => {
    test.use({ lang });

    test(`a buyer sees that a tenth of what it paid stays with the seller before it cancels (${lang})`, async ({ page, as, market }) => {
      const errors = watch(page);
      const order = await ordered(market, true);
      const { url } = await market.ask('firm', 'POST', `/orders/${order.id}/checkout`, {});
      await page.request.post(url, { form: { method: 'card' }, maxRedirects: 0 });
      await expect.poll(async () => (await market.ask('firm', 'GET', '/orders/' + order.id)).invoice.lacks_fen).toBe(0);
      const charge = yuan(Math.round(order.invoice.fen / 10));
      await as('firm');
      await visit(page, '/orders/' + order.id);
      await fold(page).locator('summary').click();
      await expect(fold(page).locator('dd.big')).toHaveText(charge);
      await expect(fold(page)).toContainText(say('付给卖方货款的 10%', '10 % of the price goes to the seller'));
      await fold(page).getByLabel(say('原因', 'Reason')).fill('食堂关门');
      await expectSound(page, errors);

      const asked: string[] = [];
      page.once('dialog', (d) => (asked.push(d.message()), d.dismiss()));
      await press(page);
      await expect.poll(() => asked.join()).toContain(charge);
      expect(await stateOf(market, order.id), 'who says no has cancelled nothing').not.toBe('cancelled');
      page.once('dialog', (d) => d.accept());
      await press(page);
      await expect.poll(() => stateOf(market, order.id)).toBe('cancelled');
      await expect(fold(page)).toHaveCount(0);
    });

    test(`a seller who promised cancels on the page too, with a reason; one who has not answered declines (${lang})`, async ({ page, as, market }) => {
      const errors = watch(page);
      const [open, promised] = [await ordered(market, false), await ordered(market, true)];
      await as('liulin');
      await visit(page, '/orders/' + open.id);
      await expect(page.getByRole('heading', { level: 1 }), 'to its seller an order is its buyer\'s').toHaveText(say(open.buyer_name + '的订单', 'Order by ' + open.buyer_name));
      await expect(fold(page)).toHaveCount(0);
      await visit(page, '/orders/' + promised.id);
      await fold(page).locator('summary').click();
      await expect(fold(page).locator('dd.big')).toHaveText(say('不花钱', 'nothing'));
      await expect(fold(page)).toContainText(say('记入卖方的记录', 'stands in its record'));
      page.on('dialog', (d) => d.accept());
      await press(page);
      await expect(fold(page).getByRole('alert'), 'a promise is broken with a reason').toBeVisible();
      await fold(page).getByLabel(say('原因', 'Reason')).fill('冰雹');
      await expectSound(page, errors);
      await press(page);
      await expect.poll(() => stateOf(market, promised.id)).toBe('cancelled');
      await expect(page.getByText('冰雹')).toBeVisible();

      await as('firm');
      const transfer = page.getByRole('heading', { name: say('银行转账', 'Pay by bank transfer') });
      await visit(page, '/orders/' + promised.id);
      await expect(page.getByText('冰雹')).toBeVisible();
      await expect(transfer, 'nothing is to be paid for what was cancelled').toHaveCount(0);
      await visit(page, '/orders/' + open.id);
      await expect(transfer).toBeVisible();
      await fold(page).locator('summary').click();
      await expect(fold(page)).toContainText(say('卖方还没有确认', 'The seller has not said yes'));
    });
  });
}

// Deposits in one list: to their two sides their own, to finance those of the market, each with what it was put up for.
import { expectSound, visit, watch } from './look';
import { expect, lineOf, partyOf, test, type Market } from './market';

/** An order of the firm for which both sides put up a deposit, of which the firm has paid its own in. */
async function promised(market: Market) {
  const seller = await partyOf(market, 'liulin', 'coop');
  const lot = await market.ask('liulin', 'POST', '/lots', { party: seller, produce: '苹果', weight: '5吨', place: { adcode: '610322' } });
  const offer = await market.ask('liulin', 'POST', '/offers', { lot: lot.id, price: '1.5元/斤', pickup: { from: '2020-02-06T08:00:00+08:00', to: '2020-02-07T18:00:00+08:00' } });
  await market.ask('liulin', 'PUT', `/offers/${offer.id}/deposit`, { buyer_permille: 100, seller_permille: 50 });
  await market.ask('liulin', 'POST', `/offers/${offer.id}/publish`, {});
  const order = await market.ask('firm', 'POST', '/orders', { buyer: await partyOf(market, 'firm'), lines: [await lineOf(market, offer.id, '1吨')] });
  await market.ask('liulin', 'POST', `/orders/${order.id}/confirm`, {});
  const own = (await market.ask('firm', 'GET', '/deposits')).find((d: any) => d.fen === 30_000);
  await market.ask('finance', 'POST', '/bank-lines', { lines: [{ client_id: 'deposit', reference: own.reference, amount: '300元', paid_at: '2020-02-01T20:00:00+08:00', payer: '乙(演示)' }] });
  return order.id as string;
}

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);
  test.describe(lang, () => {
    test.use({ moment: 'listed', lang });

    test(`both sides and finance find them, and others don't (${lang})`, async ({ page, as, market }) => {
      const errors = watch(page);
      const order = await promised(market);
      const row = (fen: string) => page.getByRole('listitem').filter({ hasText: new RegExp('^[^¥]*' + fen) });
      for (const login of ['firm', 'liulin', 'finance']) {
        await as(login);
        await visit(page, '/deposits');
        await expect(row('¥300.00')).toContainText(say('已交，保管中', 'Held'));
        await expect(row('¥300.00'), 'what was paid is not asked for').not.toContainText(say('请在此前交', 'to be paid by'), { ignoreCase: true });
        await expect(row('¥150.00')).toContainText(say('待交', 'To be paid'));
        await expect(row('¥150.00').getByRole('link')).toHaveAttribute('href', '/orders/' + order);
      }
      await expectSound(page, errors);
      await as('biaojiao');
      await visit(page, '/deposits');
      await expect(page.getByText(say('没有保证金。', 'There are no deposits.'))).toBeVisible();
      await market.ask('firm', 'POST', `/orders/${order}/cancel`, { reason: '食堂关门' });
      await as('finance');
      await visit(page, '/deposits');
      await expect(row('¥300.00')).toHaveCount(0);
      await page.getByLabel(say('显示', 'Show')).selectOption('all');
      await expect(row('¥300.00').first()).toContainText(say('已退回', 'Returned'));
    });
  });
}

// Finance is led to the orders whose money can be divided, settles the oldest from its list, and has one less to do.
import { expectSound, visit, watch } from './look';
import { expect, test, type Market } from './market';

const yuan = (fen: number) => '¥' + (fen / 100).toLocaleString('en', { minimumFractionDigits: 2 });

/** Both gift orders are accepted by everybody, and the trucks that brought them are settled. */
async function accepted(market: Market): Promise<any[]> {
  const orders = await market.ask('finance', 'GET', '/orders');
  for (const { id } of orders) for (const receiver of ['union', 'zhongnan']) await market.ask(receiver, 'POST', `/orders/${id}/accept`, {});
  const short = (await market.ask('donor', 'GET', '/campaigns')).find((c: any) => c.title.includes('苹果'));
  await market.ask('finance', 'POST', '/bank-lines', { lines: [{ client_id: 'haulage', reference: short.reference, amount: '10000元', paid_at: market.at, payer: '爱心企业甲(演示)' }] });
  for (const { id } of await market.ask('dispatcher', 'GET', '/trips')) await market.ask('finance', 'POST', `/trips/${id}/settle`, {});
  return orders;
}

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);
  test.describe(lang, () => {
    test.use({ moment: 'delivered', lang });

    test(`finance settles what waits, the oldest first (${lang})`, async ({ page, as, market }) => {
      const errors = watch(page);
      expect(await accepted(market)).toHaveLength(2);
      const [oldest, next] = await market.ask('finance', 'GET', '/orders/to-settle');
      await as('finance');
      await visit(page, '/');
      const todo = page.locator('.todo li').filter({ hasText: say('货已验收，订单等结算', 'All is accepted, the order is to be settled') });
      await expect(todo).toContainText(say('还有 1 个', 'and 1 more'));
      await todo.getByRole('link').click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('待结算的订单', 'Orders to settle'));
      const cards = page.locator('main li.card');
      await expect(cards).toHaveCount(2);
      for (const [i, o] of [oldest, next].entries()) {
        await expect(cards.nth(i).getByRole('link')).toHaveAttribute('href', '/orders/' + o.id);
        for (const said of [o.lines[0].produce_name, (o.numbers.accepted_grams / 1000).toLocaleString('en') + ' kg', o.buyer_name, o.seller_name, yuan(o.invoice.goods_fen)]) await expect(cards.nth(i)).toContainText(said);
      }
      await expectSound(page, errors);

      await cards.first().getByRole('link').click();
      const settle = page.getByRole('button', { name: say('结算', 'Settle'), exact: true });
      const asked: string[] = [];
      page.once('dialog', (d) => (asked.push(d.message()), d.dismiss()));
      await settle.click();
      await expect.poll(() => asked.length).toBe(1);
      expect(asked[0]).toContain(oldest.seller_name);
      expect((await market.ask('finance', 'GET', '/orders/' + oldest.id)).state, 'a no is a no').toBe('accepted');
      page.once('dialog', (d) => d.accept());
      await settle.click();
      await expect(page.getByRole('heading', { name: say('钱怎么分', 'Who gets what') })).toBeVisible();
      await expect(settle).toHaveCount(0);
      const { total_fen } = await market.ask('finance', 'GET', `/orders/${oldest.id}/settlement`);
      await expect(page.locator('p.big', { hasText: yuan(total_fen) })).toBeVisible();
      await expectSound(page, errors);

      await visit(page, '/finance');
      await page.getByRole('link', { name: say('待结算的订单', 'Orders to settle') }).click();
      await expect(cards).toHaveCount(1);
      await expect(cards.getByRole('link')).toHaveAttribute('href', '/orders/' + next.id);
      await cards.getByRole('link').click();
      page.once('dialog', (d) => d.accept());
      await settle.click();
      await expect(settle).toHaveCount(0);
      await visit(page, '/finance/to-settle');
      await expect(page.getByText(say('没有待结算的订单。', 'No order waits to be settled.'))).toBeVisible();
      await visit(page, '/');
      await expect(todo).toHaveCount(0);
    });
  });
}

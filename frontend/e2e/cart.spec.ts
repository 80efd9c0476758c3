// A cart over two cooperatives: what one truck for both would cost, how it falls on each, and that it adds up.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test } from './market';

test.use({ moment: 'listed' });

const fen = (text: string) => Math.round(Number(/¥([\d,]+\.\d\d)/.exec(text)![1]!.replaceAll(',', '')) * 100);

test('shows one truck for both orders, each part with its working, and what two trucks would cost @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const offers = await market.ask('firm', 'GET', '/offers');
  const needs = await market.ask('firm', 'GET', '/demands?open=true');
  const lines = offers.map((o: any) => ({ offer: o.id, version: o.version, weight: '500公斤', to: [{ demand: needs.find((d: any) => d.produce_name === o.produce_name).id, weight: '500公斤' }] }));
  const cart = await market.ask('firm', 'POST', '/carts', { buyer: await partyOf(market, 'firm'), lines });
  await as('firm');
  await visit(page, '/carts/' + cart.id);
  const truck = page.getByRole('region', { name: '合装一车的运费（估算）' });
  await expect(truck.getByRole('listitem')).toHaveCount(2);
  const parts = await truck.getByRole('listitem').allTextContents();
  for (const part of parts) expect(part).toMatch(/500 公斤 × \d+ 公里 = \d+/);
  const [price, , , total, alone] = (await truck.getByText('¥').allTextContents()).filter((text) => /^¥[\d,.]+$/.test(text));
  expect(parts.reduce((n, part) => n + fen(part), 0)).toBe(fen(price!));
  expect(fen(total!)).toBe(fen(price!));
  expect(fen(alone!)).toBeGreaterThan(fen(price!));
  await expectSound(page, errors);

  // What was called off rides on no truck, and one order alone shares nothing.
  const [first] = (await market.ask('firm', 'GET', '/carts/' + cart.id)).orders;
  await market.ask('firm', 'POST', `/orders/${first.id}/cancel`, { reason: '食堂关门' });
  const reckoned = page.waitForResponse((r) => r.url().endsWith('/haulage'));
  await visit(page, '/carts/' + cart.id);
  expect((await (await reckoned).json()).shares.length).toBe(1);
  await expect(page.getByText('已取消')).toBeVisible();
  await expect(truck).toHaveCount(0);
});

test('shows on an order what a truck for it alone would cost, before one is planned, and why it pays toll or none @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const offer = (await market.ask('firm', 'GET', '/offers')).find((o: any) => o.produce_name === '苹果');
  const need = (await market.ask('firm', 'GET', '/demands?open=true')).find((d: any) => d.produce_name === '苹果');
  const truck = page.getByRole('region', { name: '运费（估算）' });
  const [tolls, whole] = [/过路费¥0\.00/, /过路费¥[1-9]/];
  for (const [weight, toll, why] of [['1400公斤', tolls, '鲜活农产品'], ['500公斤', whole, '过路费']] as const) {
    const order = await market.ask('firm', 'POST', '/orders', { buyer: await partyOf(market, 'firm'), lines: [{ offer: offer.id, version: offer.version, weight, to: [{ demand: need.id, weight }] }] });
    const said = await market.ask('firm', 'GET', `/orders/${order.id}/haulage-estimate`);
    await as('firm');
    await visit(page, '/orders/' + order.id);
    await expect(truck).toContainText(`约 ${Math.floor(said.metres / 1000)} 公里`);
    expect(fen((await truck.getByRole('strong').first().textContent())!)).toBe(said.fen);
    await expect(truck).toContainText(toll);
    await expect(truck).toContainText(why);
    await expect(truck).toContainText(said.toll_why.text);
    await expectSound(page, errors);
    await market.ask('firm', 'POST', `/orders/${order.id}/cancel`, { reason: '食堂关门' });
    await page.reload();
    await expect(page.getByText('已取消').first()).toBeVisible();
    await expect(truck).toHaveCount(0);
  }
});

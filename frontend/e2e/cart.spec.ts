// A cart over two cooperatives: what one truck for both would cost, how it falls on each, and that it adds up.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test } from './market';

test.use({ moment: 'listed' });

const fen = (text: string) => Math.round(Number(/¥([\d,]+\.\d\d)/.exec(text)![1]!.replaceAll(',', '')) * 100);

test('shows one truck for both orders, each part with its working, and what two trucks would cost @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const offers = await market.ask('firm', 'GET', '/offers');
  const needs = await market.ask('firm', 'GET', '/demands?open=true');
  const lines = offers.map((o: any) => ({ offer: o.id, weight: '500公斤', to: [{ demand: needs.find((d: any) => d.produce_name === o.produce_name).id, weight: '500公斤' }] }));
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

// What a seller did in the last year stands where buyers choose: on its offers, and beside its name where quotations are compared.
import { expectSound, visit, watch } from './look';
import { expect, grantOf, test, type Market } from './market';

test.use({ moment: 'told' });

/** What the page has to say of a seller's orders, from the server's record. */
async function said(market: Market, seller: string): Promise<string> {
  const r = await market.ask('firm', 'GET', `/parties/${seller}/record`);
  return r.orders ? `近一年：${r.orders} 单接了 ${r.confirmed} 单` : '近一年：没有答复过订单';
}

test('an offer shows its seller\'s record to whoever is signed in', async ({ page, as, market }) => {
  const errors = watch(page);
  const seller = await grantOf(market, 'liulin', 'coop');
  const r = await market.ask('firm', 'GET', `/parties/${seller.party}/record`);
  expect(r.confirmed).toBeGreaterThan(0);
  expect(r.weight_kept_per_mille).toBeGreaterThan(0);
  const [offer] = await market.ask('liulin', 'GET', '/offers?seller=' + seller.party);
  await visit(page, '/offers/' + offer.id);
  await expect(page.getByText(seller.party_name).first()).toBeVisible();
  await expect(page.getByText('近一年')).toHaveCount(0); // a visitor may not ask
  await as('firm');
  await visit(page, '/offers/' + offer.id);
  const line = page.getByRole('definition').filter({ hasText: seller.party_name });
  await expect(line).toContainText(await said(market, seller.party));
  await expect(line).toContainText(`验收合格 ${r.weight_kept_per_mille / 10} %`);
  await expectSound(page, errors);
});

test('each answer to a question for a price stands beside its own seller\'s record', async ({ page, as, market }) => {
  const errors = watch(page);
  const buyer = await grantOf(market, 'firm');
  const sellers = [await grantOf(market, 'liulin', 'coop'), await grantOf(market, 'taibai', 'coop')];
  await market.ask('firm', 'POST', '/quotations', { buyer: buyer.party, sellers: sellers.map((s) => s.party), produce: '苹果', weight: '300公斤' });
  const lines = [];
  for (const seller of sellers) lines.push(await said(market, seller.party));
  expect(new Set(lines).size, 'the two have different records').toBe(2);
  await as('firm');
  await visit(page, '/quotations');
  for (const [i, seller] of sellers.entries()) await expect(page.getByRole('listitem').filter({ hasText: seller.party_name })).toContainText(lines[i]!);
  await expectSound(page, errors);
  await as('liulin'); // a seller has no need to read of itself
  await visit(page, '/quotations');
  await expect(page.getByRole('heading', { name: /苹果/ }).first()).toBeVisible();
  await expect(page.getByText('近一年')).toHaveCount(0);
});

test.describe('in English', () => {
  test.use({ lang: 'en' });
  test('the record has its words', async ({ page, as, market }) => {
    const errors = watch(page);
    const [offer] = await market.ask('liulin', 'GET', '/offers?seller=' + (await grantOf(market, 'liulin', 'coop')).party);
    await as('firm');
    await visit(page, '/offers/' + offer.id);
    await expect(page.getByText(/Last year: orders accepted: [0-9]+ of [0-9]+/)).toBeVisible();
    await expectSound(page, errors);
  });
});

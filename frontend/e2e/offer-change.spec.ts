// An offer on sale is changed: its new terms stand everywhere, what was ordered keeps the old ones, and of two who change it the second is told.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test, type Market, type Page } from './market';

test.use({ moment: 'listed' });

/** An offer of the cooperative's that is on sale. */
async function live(market: Market, more: object = {}): Promise<any> {
  const [lot] = await market.ask('liulin', 'GET', '/lots?party=' + (await partyOf(market, 'liulin', 'coop')));
  const { id } = await market.ask('liulin', 'POST', '/offers', { lot: lot.id, price: '3元/斤', min_weight: '1吨', ...more });
  return market.ask('liulin', 'POST', `/offers/${id}/publish`, {});
}

const main = (page: Page) => page.getByRole('main');
const button = (page: Page, name: string) => main(page).getByRole('button', { name, exact: true });

test('its seller changes the terms on a phone; an order that stands keeps its own, the history has both @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const offer = await live(market, { loss: { moisture_per_mille: 15, bearer: 'seller' } });
  const buyer = await partyOf(market, 'firm', 'buyer');
  const order = await market.ask('firm', 'POST', '/orders', { buyer, lines: [{ offer: offer.id, version: offer.version, weight: '2吨' }] });
  await as('liulin');
  await visit(page, '/offers/' + offer.id);
  await main(page).getByRole('link', { name: '修改', exact: true }).click();
  await expect(page.getByLabel('价格', { exact: true })).toHaveValue('3');
  await expect(page.getByLabel('最少买', { exact: true })).toHaveValue('1000');
  await expect(page.getByLabel('路上可失水（%）')).toHaveValue('1.5');
  await expect(page.getByLabel('自动确认订单')).toHaveCount(0); // what is fixed is not asked for
  await expectSound(page, errors);
  await page.getByLabel('价格', { exact: true }).fill('2.8');
  await page.getByLabel('最少买', { exact: true }).fill('500');
  await page.getByRole('button', { name: '多买便宜' }).click();
  await page.getByLabel('买满', { exact: true }).fill('4');
  await page.getByLabel('价格（元/斤）').fill('2.6');
  await page.getByLabel('接单到').fill('2020-02-08T18:00');
  await button(page, '保存修改').click();

  await expect(page).toHaveURL(new RegExp(`/offers/${offer.id}$`));
  for (const words of ['2.80 元/斤', '500 公斤', '买满 4,000 kg', '到2月8日 18:00为止']) await expect(main(page)).toContainText(words);
  await main(page).getByText('改过什么').click();
  await expect(main(page)).toContainText('3.00 元/斤 → 2.80 元/斤');
  await expect(main(page).getByRole('heading', { name: /2月2日 09:00 · .+/ })).toBeVisible(); // who it was
  await expectSound(page, errors);

  const kept = (await market.ask('firm', 'GET', '/orders/' + order.id)).lines[0];
  expect([kept.price_e4, kept.loss.bearer]).toEqual([60_000, 'seller']);
  await expect.poll(async () => (await market.ask('firm', 'GET', '/search?q=苹果&kinds=offer')).hits.find((h: any) => h.id === offer.id)?.price_e4).toBe(56_000);
  const catalogue = await market.ask('firm', 'GET', `/dfc/enterprises/${offer.seller}/catalogue`);
  expect(JSON.stringify(catalogue)).toContain('5.6');
  const audit = await market.ask('auditor', 'GET', '/audit?subject=offer/' + offer.id);
  const change = audit.find((e: any) => e.act === 'offer.change');
  expect([change.before.Price, change.after.Price]).toEqual([60_000, 56_000]);
});

test('of two who change it the second sees what is there now, and what it typed is still there @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const offer = await live(market);
  await as('liulin');
  await visit(page, `/offers/${offer.id}/edit`);
  await page.getByLabel('价格', { exact: true }).fill('2.9');
  await market.ask('liulin', 'POST', `/offers/${offer.id}/change`, { version: offer.version, price: '2.7元/斤', min_weight: '2吨' });
  await button(page, '保存修改').click();
  await expect(page.getByRole('alert')).toContainText('请');
  await expect(main(page).getByRole('region', { name: '别人刚改成这样' })).toContainText('2.70 元/斤');
  await expect(page.getByLabel('价格', { exact: true })).toHaveValue('2.9');
  expect((await market.ask('liulin', 'GET', '/offers/' + offer.id)).price_e4).toBe(54_000);
  await expectSound(page, errors);
  await button(page, '用别人改的').click();
  await expect(page.getByLabel('价格', { exact: true })).toHaveValue('2.7');
  await page.getByLabel('价格', { exact: true }).fill('2.9');
  await button(page, '还是按我填的保存').click();
  await expect(page).toHaveURL(new RegExp(`/offers/${offer.id}$`));
  const now = await market.ask('liulin', 'GET', '/offers/' + offer.id);
  expect([now.price_e4, now.min_grams]).toEqual([58_000, 2_000_000]);
});

test('who orders what it read is told when that is another by now', async ({ page, as, market }) => {
  const offer = await live(market);
  await as('firm');
  await visit(page, '/orders/new?offer=' + offer.id);
  await page.getByLabel('重量', { exact: true }).fill('2000');
  await market.ask('liulin', 'POST', `/offers/${offer.id}/change`, { version: offer.version, price: '4元/斤' });
  await button(page, '提交订单').click();
  await expect(page.getByRole('alert')).toHaveText('您看过以后，卖方改了这个挂牌：当时 6.00 元/公斤（3.00 元/斤），现在 8.00 元/公斤（4.00 元/斤），请再看一眼。');
  await expect(main(page)).toContainText('4.00 元/斤');
  await button(page, '提交订单').click();
  await expect(page).toHaveURL(/\/orders\/[0-9a-z]{26}$/);
});

test('a sheet of lines is not ordered at prices that it did not show', async ({ page, as, market }) => {
  const errors = watch(page);
  await as('firm');
  await visit(page, '/orders/bulk');
  await page.locator('textarea').fill('苹果 富士80\t2吨\n');
  await button(page, '到市场找货').click();
  const chosen = main(page).getByRole('combobox', { name: /供应/ });
  const id = await chosen.inputValue();
  const offer = await market.ask('firm', 'GET', '/offers/' + id);
  await market.ask('liulin', 'POST', `/offers/${id}/change`, { version: offer.version, price: '4元/斤' });
  await button(page, '下单 1 行').click();
  await expect(main(page).getByText('有的价格变了')).toBeVisible();
  await expect(chosen).toContainText('4.00 元/斤');
  expect(await market.ask('firm', 'GET', '/orders'), 'nothing was ordered').toEqual([]);
  await expectSound(page, errors);
  await button(page, '下单 1 行').click();
  await expect(page).toHaveURL(/\/carts\/[0-9a-z]{26}$/);
  const [order] = await market.ask('firm', 'GET', '/orders');
  expect(order.lines[0].price_e4).toBe(80_000);
});

test('goods are added to an order as they were read', async ({ page, as, market }) => {
  const [offer, more] = [await live(market), await live(market, { min_weight: '500公斤' })];
  const buyer = await partyOf(market, 'firm', 'buyer');
  const order = await market.ask('firm', 'POST', '/orders', { buyer, lines: [{ offer: offer.id, version: offer.version, weight: '2吨' }] });
  await as('firm');
  await visit(page, '/orders/' + order.id);
  const add = main(page).locator('details').filter({ has: page.locator('summary', { hasText: '加货' }) });
  await add.locator('summary').click();
  await page.locator('select[name=offer]').selectOption(more.id);
  await page.locator('[name=weight]').fill('600');
  await market.ask('liulin', 'POST', `/offers/${more.id}/change`, { version: more.version, price: '4元/斤', min_weight: '500公斤' });
  await add.getByRole('button', { name: '加货' }).click();
  await expect(page.getByRole('alert')).toHaveText('您看过以后，卖方改了这个挂牌：当时 6.00 元/公斤（3.00 元/斤），现在 8.00 元/公斤（4.00 元/斤），请再看一眼。');
  await expect(page.locator('select[name=offer]')).toContainText('4.00 元/斤');
  expect((await market.ask('firm', 'GET', '/orders/' + order.id)).lines).toHaveLength(1);
  await add.getByRole('button', { name: '加货' }).click();
  await expect.poll(async () => (await market.ask('firm', 'GET', '/orders/' + order.id)).lines.map((l: any) => l.price_e4)).toEqual([60_000, 80_000]);
});

test('a draft of a standing order is sent, and its weight changed, at the terms that its page shows', async ({ page, as, market }) => {
  const errors = watch(page);
  const offer = await live(market, { min_weight: '10公斤' });
  const buyer = await partyOf(market, 'firm', 'buyer');
  const standing = await market.ask('firm', 'POST', '/standing-orders', { buyer, seller: offer.seller, produce: offer.produce, weight: '200公斤', weekday: 1 });
  await as('operator');
  const monday = '2020-02-10T07:00:00+08:00';
  await page.request.post('/api/due', { data: {}, headers: { 'X-Jishi-Clock': monday } });
  const [run] = (await market.ask('firm', 'GET', '/standing-orders/' + standing.id)).runs;
  const draft = await market.ask('firm', 'GET', '/orders/' + run.order);
  const own = await market.ask('firm', 'GET', '/offers/' + draft.lines[0].offer);
  await as('firm');
  await visit(page, '/orders/' + run.order);
  await expect(main(page)).toContainText('路上损耗');
  const change = (version: number, price: string) => market.ask('liulin', 'POST', `/offers/${own.id}/change`, { version, price });
  await change(own.version, '4元/斤');
  await button(page, '发出订单').click();
  const was = (draft.lines[0].price_e4 / 20_000).toFixed(2);
  await expect(page.getByRole('alert')).toContainText('当时');
  await expect(page.getByRole('alert')).toContainText('现在');
  await expect(main(page)).toContainText(`4.00 元/斤，草稿里是 ${was} 元/斤`);
  expect((await market.ask('firm', 'GET', '/orders/' + run.order)).state, 'nothing was sent').toBe('draft');
  await expectSound(page, errors);
  if (process.env.JISHI_SHOTS) await page.screenshot({ path: `${process.env.JISHI_SHOTS}/draft-terms.png`, fullPage: true });
  await page.getByText('改重量', { exact: true }).click();
  await page.getByLabel('重量', { exact: true }).fill('250');
  await change(own.version + 1, '5元/斤');
  await button(page, '保存重量').click();
  await expect(main(page)).toContainText(`5.00 元/斤，草稿里是 ${was} 元/斤`);
  expect((await market.ask('firm', 'GET', '/orders/' + run.order)).lines[0].grams).toBe(200_000);
  await button(page, '保存重量').click();
  await expect.poll(async () => (await market.ask('firm', 'GET', '/orders/' + run.order)).lines.map((l: any) => [l.grams, l.price_e4])).toEqual([[250_000, 100_000]]);
  await button(page, '发出订单').click();
  await expect.poll(async () => (await market.ask('firm', 'GET', '/orders/' + run.order)).state).toBe('submitted');
  await expectSound(page, errors);
});

test('with the poverty mark another price waits for the county office', async ({ page, as, market }) => {
  const offer = await live(market, { poverty: true });
  await market.ask('operator', 'POST', `/offers/${offer.id}/approve`, {});
  await as('liulin');
  await visit(page, `/offers/${offer.id}/edit`);
  await expect(main(page)).toContainText('要等县里再核查');
  await page.getByLabel('价格', { exact: true }).fill('2.8');
  await button(page, '保存修改').click();
  await expect(page.locator('main .tag').first()).toHaveText('待核查');
});

test.describe('in English', () => {
  test.use({ lang: 'en' });
  test('the page has its words @phone', async ({ page, as, market }) => {
    const errors = watch(page);
    const offer = await live(market);
    await as('liulin');
    await visit(page, '/offers/' + offer.id);
    await main(page).getByRole('link', { name: 'Change', exact: true }).click();
    await page.getByLabel('Price', { exact: true }).fill('2.8');
    await market.ask('liulin', 'POST', `/offers/${offer.id}/change`, { version: offer.version, price: '2.7元/斤' });
    await button(page, 'Save the change').click();
    await expect(main(page).getByRole('region', { name: 'Somebody just changed it to this' })).toContainText('2.70 yuan/jin');
    await expectSound(page, errors);
    await button(page, 'Save mine all the same').click();
    await expect(page).toHaveURL(new RegExp(`/offers/${offer.id}$`));
    await main(page).getByText('What was changed').first().click();
    await expect(main(page)).toContainText('2.70 yuan/jin → 2.80 yuan/jin');
    await expect(main(page)).toContainText('3.00 yuan/jin → 2.70 yuan/jin');
    await expectSound(page, errors);
  });
});

// The conditions of an offer: the seller says them in one form, buyers read each in words before they order.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test, type Market, type Page } from './market';

test.use({ moment: 'listed' });

/** The cooperative's newest lot with something left of it. */
async function lotOf(market: Market): Promise<{ id: string; available_grams: number }> {
  const lots = await market.ask('liulin', 'GET', '/lots?party=' + (await partyOf(market, 'liulin', 'coop')));
  return lots.find((l: any) => l.available_grams > 0);
}

/** Opens the form of an offer on a lot's page. */
async function openForm(page: Page, lot: string) {
  await visit(page, '/lots/' + lot);
  await page.locator('summary', { hasText: /挂牌出售或赠送|Offer it/ }).click();
}

const offersOf = async (market: Market, lot: string) =>
  (await market.ask('liulin', 'GET', '/offers?seller=' + (await partyOf(market, 'liulin', 'coop')))).filter((o: any) => o.lot === lot);

test('a seller says every condition in one form, and a buyer reads each in words @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const lot = await lotOf(market);
  await as('liulin');
  await openForm(page, lot.id);
  await page.getByLabel('价格', { exact: true }).fill('3');
  await expect(page.getByLabel('接单从')).toBeHidden();
  await page.getByText('更多条件').click();
  for (const [weight, price] of [['5', '2.8'], ['8', '2.6']]) {
    await page.getByRole('button', { name: '多买便宜' }).click();
    await page.getByLabel('买满', { exact: true }).last().fill(weight!);
    await page.getByLabel('价格（元/斤）').last().fill(price!);
  }
  await page.getByLabel('接单从').fill('2020-02-02T08:00');
  await page.getByLabel('接单到').fill('2020-02-08T18:00');
  await page.getByLabel('挂牌到').fill('2020-02-09T18:00');
  await page.getByLabel('路上可失水').fill('1.5');
  await page.getByLabel('其余损耗由谁承担').selectOption('卖方');
  await page.getByLabel('自动确认订单').fill('3');
  await expectSound(page, errors);
  await page.getByRole('main').getByRole('button', { name: '发布', exact: true }).click();
  await expect.poll(async () => (await offersOf(market, lot.id)).find((o: any) => o.tiers)).toMatchObject({
    state: 'live', price_e4: 60_000, tiers: [{ from_grams: 5_000_000, price_e4: 56_000 }, { from_grams: 8_000_000, price_e4: 52_000 }],
    orders: { from: '2020-02-02T08:00:00+08:00', to: '2020-02-08T18:00:00+08:00' }, until: '2020-02-09T18:00:00+08:00', loss: { moisture_per_mille: 15, bearer: 'seller' },
  });
  const { id, version } = (await offersOf(market, lot.id)).find((o: any) => o.tiers);

  await as('firm');
  await visit(page, '/offers/' + id);
  const main = page.getByRole('main');
  for (const words of ['买满 5,000 kg', '2.80 元/斤 5.60 元/公斤', '买满 8,000 kg', '2.60 元/斤 5.20 元/公斤', '2月2日 08:00 – 2月8日 18:00', '2月9日 18:00',
    '失水在 1.5 % 以内算正常，谁也不赔；其余的卖方承担。', '2月5日 08:59前下的单马上确认，不用等卖方答复。']) await expect(main).toContainText(words);
  await expectSound(page, errors);

  const order = await market.ask('firm', 'POST', '/orders', { buyer: await partyOf(market, 'firm', 'buyer'), lines: [{ offer: id, version, weight: '5吨' }] });
  expect(order.state).toBe('confirmed');
});

test('what is wrong is said beside its field, in a fold that opens, and leaves no draft behind @phone', async ({ page, as, market }) => {
  const lot = await lotOf(market);
  const before = (await offersOf(market, lot.id)).length;
  await as('liulin');
  await openForm(page, lot.id);
  await page.getByLabel('价格', { exact: true }).fill('3');
  await page.getByText('更多条件').click();
  await page.getByRole('button', { name: '多买便宜' }).click();
  await page.getByLabel('买满', { exact: true }).fill('5');
  await page.getByLabel('价格（元/斤）').fill('3.2');
  await page.getByLabel('接单从').fill('2020-02-08T18:00');
  await page.getByLabel('接单到').fill('2020-02-02T18:00');
  await page.getByText('更多条件').click();
  const publish = page.getByRole('main').getByRole('button', { name: '发布', exact: true });
  const said = page.getByRole('alert');
  /** How far the sentence stands from the lower edge of its field. */
  const below = async (label: string) => {
    const [field, text] = [await page.getByLabel(label, { exact: true }).boundingBox(), await said.boundingBox()];
    return Math.abs(text!.y - field!.y - field!.height);
  };

  await publish.click();
  await expect(said).toHaveText('每一档要比上一档便宜，也不能低于给农户的带贫部分。');
  await expect(page.getByLabel('价格（元/斤）')).toBeFocused();
  expect(await below('价格（元/斤）')).toBeLessThan(30);
  await page.getByLabel('价格（元/斤）').fill('2.8');
  await publish.click();
  await expect(said).toHaveText('结束要晚于开始。');
  await expect(page.getByLabel('接单到')).toBeFocused();
  expect(await below('接单到')).toBeLessThan(30);
  await page.getByLabel('接单到').fill('2020-02-09T18:00');
  await page.getByLabel('买方交，货款的 %').fill('30');
  await publish.click();
  await expect(page.getByLabel('买方交，货款的 %')).toBeFocused();
  const left = await offersOf(market, lot.id);
  expect(left.filter((o: any) => o.state !== 'withdrawn').length).toBe(before);
  await page.getByLabel('买方交，货款的 %').fill('10');
  await expect(page.getByLabel('自动确认订单')).toHaveCount(0);
  await publish.click();
  await expect.poll(async () => (await offersOf(market, lot.id)).filter((o: any) => o.tiers && o.state === 'live').length).toBe(1);
});

test.describe('in English', () => {
  test.use({ lang: 'en' });
  test('the form and the terms have their words @phone', async ({ page, as, market }) => {
    const errors = watch(page);
    const lot = await lotOf(market);
    await as('liulin');
    await openForm(page, lot.id);
    await page.getByText('More conditions (optional)').click();
    await page.getByRole('button', { name: 'Cheaper for more' }).click();
    await expectSound(page, errors);
    const { id } = await market.ask('liulin', 'POST', '/offers', { lot: lot.id, price: '3元/斤', tiers: [{ from: '5吨', price: '2.8元/斤' }], orders: { to: '2020-02-08T18:00:00+08:00' } });
    await market.ask('liulin', 'POST', `/offers/${id}/publish`, {});
    await as('firm');
    await visit(page, '/offers/' + id);
    for (const words of ['From 5,000 kg', '2.80 yuan/jin 5.60 yuan/kg', 'until 8 Feb 18:00', 'What may dry out follows the rule of the day of the order. The carrier answers for the rest.']) await expect(page.getByRole('main')).toContainText(words);
    await expectSound(page, errors);
  });
});

// A lot that is too small for all who ask: the page shows how each share came about, so that a hospital can work it out again on paper.
import { expectSound, visit, watch } from './look';
import { expect, first, partyOf, pathOf, test, type Market, type Page } from './market';

test.use({ moment: 'listed' });

const offer = (market: Market) => pathOf(first('operator', '/offers', (o) => '/offers/' + o.id, (o) => o.produce_name === '苹果'), market);
const shots = process.env.JISHI_SHOTS;
const amount = (text: string) => Number(text.replaceAll(',', ''));

/** Works out on paper what a card says: every division, and the sum. It gives how many packs the card comes to. */
function byHand(card: string): number {
  for (const [said, packs, weight, sum, whole, rest] of card.matchAll(/([\d,]+) × ([\d,]+) ÷ ([\d,]+) = ([\d,]+)，余 ([\d,]+)/g)) {
    expect(amount(packs!) * amount(weight!), said).toBe(amount(whole!) * amount(sum!) + amount(rest!));
    expect(amount(rest!), said).toBeLessThan(amount(sum!));
  }
  const [said, terms, sum, each, weight] = /合计\s*([\d,]+(?: \+ [\d,]+)*) = ([\d,]+) 件 × ([\d,]+) kg = ([\d,]+) kg/.exec(card)!;
  expect(terms!.split(' + ').reduce((n, term) => n + amount(term), 0), said).toBe(amount(sum!));
  expect(amount(sum!) * amount(each!), said).toBe(amount(weight!));
  return amount(sum!);
}

const cards = (page: Page) => page.getByRole('region', { name: '分配结果' }).getByRole('article');

test('shows the floor, the proportion and the remainder of each need, and orders it like this', async ({ page, as, market }, info) => {
  const errors = watch(page);
  const address = await offer(market);
  await as('donor');
  await visit(page, address);
  await page.getByRole('link', { name: '算公平的份额' }).click();
  await page.getByLabel('一共分多少（不填就是剩下的全部）', { exact: true }).fill('5000');
  await page.getByLabel('每家保底（可不填）', { exact: true }).fill('1000');
  await page.getByRole('button', { name: '算一算' }).click();
  // 5 t are 833 boxes of 6 kg. Floors of 167 boxes leave 499 for 833 and 499 still asked: 312.06 and 186.94.
  const [union, zhongnan] = [cards(page).filter({ hasText: '协和' }), cards(page).filter({ hasText: '中南' })];
  await expect(union).toContainText('499 × 833 ÷ 1,332 = 312，余 83');
  await expect(union).toContainText('167 + 312 = 479 件 × 6 kg = 2,874 kg');
  await expect(zhongnan).toContainText('666 − 保底 167 = 499 件');
  await expect(zhongnan).toContainText('499 × 499 ÷ 1,332 = 186，余 1,249');
  await expect(zhongnan).toContainText('余数大，加 1，得 187 件');
  await expect(zhongnan).toContainText('167 + 187 = 354 件 × 6 kg = 2,124 kg');
  const result = page.getByRole('region', { name: '分配结果' });
  for (const step of ['每件 6 kg，5,000 kg ÷ 6 kg = 833 件', '每家至少 1,000 kg，进成整件 167 件，要得少的按要的数；各家相加 334 件', '833 件 − 334 件 = 499 件', '分 499 件，各家还缺的相加 1,332 件', '整除后还余 1 件']) await expect(result).toContainText(step);
  expect(byHand(await union.innerText()) + byHand(await zhongnan.innerText())).toBe(833);
  await expectSound(page, errors);
  if (shots) await page.screenshot({ path: `${shots}/share-${info.project.name}.png`, fullPage: true });
  // The hospital opens the same address and finds the same working.
  const shared = page.url();
  await as('zhongnan');
  await visit(page, shared);
  await expect(zhongnan).toContainText('167 + 187 = 354 件');
  await expect(page.getByRole('button', { name: '照这样下单' })).toHaveCount(0);
  await page.evaluate(() => localStorage.setItem('lang', 'en'));
  await visit(page, shared);
  await expect(page.getByText('499 × 833 ÷ 1,332 = 312, remainder 83')).toBeVisible();
  await expectSound(page, errors);
  if (shots) await page.screenshot({ path: `${shots}/share-en-${info.project.name}.png`, fullPage: true });
  await page.evaluate(() => localStorage.setItem('lang', 'zh-CN'));
  await as('donor');
  await visit(page, shared);
  await page.getByRole('button', { name: '照这样下单' }).click();
  await expect(page.getByText('已分 4,998 kg，共 4,998 kg')).toBeVisible();
  await page.getByRole('button', { name: '提交订单' }).click();
  await expect(page.getByText('2,874 kg')).toBeVisible();
  await expect(page.getByText('2,124 kg')).toBeVisible();
});

test('counts an unknown amount as the mean of the others, and shares anew what somebody has too much of', async ({ page, as, market }) => {
  const address = await offer(market);
  const party = await partyOf(market, 'union', 'receiver');
  const need = await market.ask('union', 'POST', '/demands', { party, produce: '苹果', amount: { kind: 'unknown' }, relief: true });
  await market.ask('operator', 'POST', `/demands/${need.id}/verify`, { how: '回拨医院总机' });
  await as('operator');
  await visit(page, address + '/share');
  await page.getByLabel('协和医院 · 6,000 kg').uncheck();
  await page.getByRole('button', { name: '算一算' }).click();
  // 10,032 kg are 1,672 boxes, 836 for each of two; one asks 666 and gets these, the other all the rest.
  const [unknown, zhongnan] = [cards(page).filter({ hasText: '协和' }), cards(page).filter({ hasText: '中南' })];
  await expect(unknown).toContainText('数量不明，按其余 1 家的平均数算：666 件 ÷ 1，算作 666 件');
  await expect(unknown).toContainText('1,672 × 666 ÷ 1,332 = 836，余 0有人分够了，这一家下一轮重新分');
  await expect(zhongnan).toContainText('比还缺的多，只给还缺的 666 件');
  await expect(unknown).toContainText('1,006 × 666 ÷ 666 = 1,006，余 0');
  expect(byHand(await unknown.innerText())).toBe(1006);
  expect(byHand(await zhongnan.innerText())).toBe(666);
});

test('says what is wrong at its field', async ({ page, as, market }) => {
  await as('donor');
  await visit(page, (await offer(market)) + '/share');
  await page.getByLabel('一共分多少（不填就是剩下的全部）', { exact: true }).fill('90000000');
  await page.getByRole('button', { name: '算一算' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator('[aria-invalid=true]')).toHaveAttribute('name', 'weight');
});

test('an order that is sent by a share keeps it: on its page, with the need and as a table @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  // Less than a box: it gets nothing, and stands in the share all the same.
  const little = await market.ask('zhongnan', 'POST', '/demands', { party: await partyOf(market, 'zhongnan', 'receiver'), produce: '苹果', amount: { kind: 'known', weight: '5 kg' }, relief: true });
  await market.ask('operator', 'POST', `/demands/${little.id}/verify`, { how: '回拨医院总机' });
  await as('donor');
  await visit(page, (await offer(market)) + '/share');
  await page.getByLabel('一共分多少（不填就是剩下的全部）', { exact: true }).fill('5000');
  await page.getByLabel('每家保底（可不填）', { exact: true }).fill('1000');
  await page.getByRole('button', { name: '算一算' }).click();
  await page.getByRole('button', { name: '照这样下单' }).click();
  await expect(page.getByText('各家的数量按公平分配算出，算法随订单留存。')).toBeVisible();
  await page.getByLabel(/协和/).fill('2868'); // a box less than worked out
  await page.getByRole('button', { name: '提交订单' }).click();
  await page.getByRole('link', { name: '看公平分配怎么算的' }).click();
  const main = page.getByRole('main');
  await expect(main).toContainText('按留存的数据重算，结果一样');
  await expect(main.getByRole('row').filter({ hasText: '协和' })).toContainText(/2,874 kg\s*2,868 kg/);
  await expect(main.getByRole('row').filter({ hasText: '中南' }).filter({ hasText: /2,124 kg\s*2,124 kg/ })).toHaveCount(1);
  await expect(main.getByRole('row').filter({ hasText: '中南' }).filter({ hasText: /院\s*0 kg\s*0 kg/ })).toHaveCount(1);
  await expect(main).toContainText('499 × 833 ÷ 1,332 = 312，余 83');
  await expectSound(page, errors);
  if (shots) await page.screenshot({ path: `${shots}/share-kept.png`, fullPage: true });
  const order = /orders\/(\w+)/.exec(page.url())![1];
  const table = await (await page.request.get(`/api/orders/${order}/shares.csv?lang=zh`)).text();
  expect(table).toContain('floors_then_share');

  const part = (await market.ask('zhongnan', 'GET', `/orders/${order}/shares`)).find((p: any) => p.receiver_name.includes('协和'));
  await as('union');
  await visit(page, '/demands/' + part.demand);
  await page.getByText('公平分配记录').click();
  await expect(main).toContainText('保底 1,002 kg，应分 2,874 kg，订单给 2,868 kg');
  await expectSound(page, errors);
});

test('says who is not in a share, why, and what it asks, got and is to get; its people find it with their need, page by page @phone', async ({ page, as, market }, info) => {
  const errors = watch(page);
  const party = await partyOf(market, 'zhongnan', 'receiver');
  const ask = (weight: string) => market.ask('zhongnan', 'POST', '/demands', { party, produce: '苹果', amount: { kind: 'known', weight }, relief: true });
  const [refused, little] = [await ask('80 kg'), await ask('60 kg')];
  for (const { id } of [refused, little]) await market.ask('operator', 'POST', `/demands/${id}/verify`, { how: '回拨医院总机' });
  const address = await offer(market);
  const id = address.split('/')[2]!;
  const { version } = await market.ask('donor', 'GET', '/offers/' + id);
  const buyer = await partyOf(market, 'donor', 'donor');
  for (const [need, weight] of [[refused, '12 kg'], [little, '18 kg']]) {
    await market.ask('donor', 'POST', '/orders', { buyer, lines: [{ offer: id, version, weight, to: [{ demand: need.id, weight }] }] });
  }
  await market.ask('zhongnan', 'POST', `/demands/${refused.id}/refuse-more`, { reason: '库房满了' });
  await as('donor');
  await visit(page, address + '/share');
  await page.getByLabel(/· 42 kg/).uncheck();
  await page.getByRole('button', { name: '算一算' }).click();
  const aside = page.getByRole('region', { name: '没有参加这次分配的需求' }).getByRole('row');
  await expect(aside.filter({ hasText: '不再收了' })).toContainText(/80 kg\s*0 kg\s*12 kg/);
  await expect(aside.filter({ hasText: '分货的人没有选' })).toContainText(/60 kg\s*0 kg\s*18 kg/);
  await expect(aside.filter({ hasText: '共 2 条' })).toContainText(/140 kg\s*0 kg\s*30 kg/);
  await expectSound(page, errors);
  if (shots) await page.screenshot({ path: `${shots}/share-aside-${info.project.name}.png`, fullPage: true });

  // A hundred orders and one more for the others, each by a share that this need was not in.
  const union = (await market.ask('union', 'GET', '/demands?open=true')).find((d: any) => d.party_name.includes('协和') && d.produce_name === '苹果');
  const to = { demand: union.id, weight: '6 kg' };
  for (let n = 0; n < 101; n++) {
    await market.ask('donor', 'POST', '/orders', { buyer, lines: [{ offer: id, version, weight: '6 kg', to: [to], share: { weight: '6 kg', demands: [union.id], seen: [to] } }] });
  }
  await as('zhongnan');
  await visit(page, '/demands/' + refused.id);
  await page.getByText('公平分配记录').click();
  const said = page.getByText('没有参加：不再收了。要 80 kg，已收 0 kg，在订、在途 12 kg');
  await expect(said).toHaveCount(100);
  await page.getByRole('link', { name: '更早的' }).click();
  await expect(said).toHaveCount(1);
  await expect(page.getByRole('link', { name: '更早的' })).toHaveCount(0);
  await expectSound(page, errors);
  await page.goBack();
  await expect(said).toHaveCount(100);
  await expect(said.first()).toBeVisible();
  if (shots) await page.screenshot({ path: `${shots}/need-shares-${info.project.name}.png` });
});

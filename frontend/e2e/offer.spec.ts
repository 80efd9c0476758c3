// An offer from the draft to its end: the county office checks the poverty mark, the seller holds it back, takes it away or closes it.
import { expectSound, open, visit, watch } from './look';
import { expect, partyOf, test, type Market, type Page } from './market';

test.use({ moment: 'listed' });

/** A draft of the cooperative with what else is said of it. */
async function draft(market: Market, more: object): Promise<string> {
  const [lot] = await market.ask('liulin', 'GET', '/lots?party=' + (await partyOf(market, 'liulin', 'coop')));
  return (await market.ask('liulin', 'POST', '/offers', { lot: lot.id, price: '3元/斤', ...more })).id;
}

const button = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name, exact: true });
const state = (page: Page) => page.locator('main .tag').first();

test('the poverty mark is asked for on the form, sent back with a reason that its seller reads, asked for again and found right', async ({ page, as, market }) => {
  const errors = watch(page);
  const [lot] = await market.ask('liulin', 'GET', '/lots?party=' + (await partyOf(market, 'liulin', 'coop')));
  await as('liulin');
  await visit(page, '/lots/' + lot.id);
  await page.locator('summary', { hasText: '挂牌出售或赠送' }).click();
  await page.getByLabel('价格', { exact: true }).fill('3');
  await page.getByLabel('申请扶贫产品标志').check();
  await button(page, '送县里核查').click();
  await expect(page.getByRole('main').getByText('待核查')).toBeVisible();

  await as('operator');
  await visit(page, '/');
  await page.getByRole('link', { name: '扶贫标志等核查' }).click();
  await expect(page.getByText('县里核查通过后才上架')).toBeVisible();
  const path = new URL(page.url()).pathname;
  await expect(button(page, '撤下')).toHaveCount(0);
  await open(page);
  await button(page, '退回给卖方').click();
  await expect(page.getByLabel('原因')).toBeFocused(); // nothing is sent back without a reason
  await expect(state(page)).toHaveText('待核查');
  await page.getByLabel('原因').fill('没有贫困户的名单');
  await expectSound(page, errors);
  await button(page, '退回给卖方').click();
  await expect(state(page)).toHaveText('草稿');
  const kept = await market.ask('auditor', 'GET', '/audit?subject=' + path.slice(1).replace('offers', 'offer'));
  expect(kept.find((e: any) => e.act === 'offer.send_back').reason).toBe('没有贫困户的名单');

  await as('liulin');
  await visit(page, '/');
  await page.getByRole('link', { name: '扶贫标志被退回' }).click();
  await expect(page.getByText('县里退回：没有贫困户的名单')).toBeVisible();
  await expect(button(page, '核查通过，上架')).toHaveCount(0);
  await expectSound(page, errors);
  await button(page, '送县里核查').click();
  await expect(state(page)).toHaveText('待核查');

  await as('operator');
  await visit(page, path);
  await button(page, '核查通过，上架').click();
  await expect(state(page)).toHaveText('在售');
  await as('firm');
  await visit(page, path);
  await expect(page.getByText('扶贫产品，县里核查过')).toBeVisible();
  await expect(page.getByText('没有贫困户的名单')).toHaveCount(0);
  await expect.poll(async () => (await market.ask('firm', 'GET', '/search?q=苹果&kinds=offer')).hits.filter((h: any) => h.relief).length).toBe(1);
  await visit(page, '/search?q=苹果&kinds=offer');
  await expect(page.getByRole('article').filter({ hasText: '扶贫产品，县里核查过' })).toHaveCount(1);
});

test('its seller takes an offer away that is being checked', async ({ page, as, market }) => {
  const id = await draft(market, { poverty: true });
  await market.ask('liulin', 'POST', `/offers/${id}/publish`, {});
  await as('liulin');
  await visit(page, '/offers/' + id);
  await button(page, '撤下').click();
  await expect(state(page)).toHaveText('已撤下');
  await expect(page.getByRole('main').getByRole('button', { name: /撤下|发布|关闭/ })).toHaveCount(0);
});

test('its seller closes an offer of which less is left than the smallest order', async ({ page, as, market }) => {
  const id = await draft(market, { min_weight: '900吨' });
  await as('liulin');
  await visit(page, '/offers/' + id);
  await button(page, '发布').click();
  await expect(state(page)).toHaveText('已卖完');
  await expect(button(page, '撤下')).toBeVisible();
  await button(page, '关闭').click();
  await expect(state(page)).toHaveText('已关闭');
});

test('its seller holds an offer back and puts it on sale again', async ({ page, as, market }) => {
  const id = await draft(market, {});
  await market.ask('liulin', 'POST', `/offers/${id}/publish`, {});
  await as('liulin');
  await visit(page, '/offers/' + id);
  await button(page, '暂停').click();
  await expect(state(page)).toHaveText('暂停');
  await button(page, '恢复出售').click();
  await expect(state(page)).toHaveText('在售');
});

test.describe('in English', () => {
  test.use({ lang: 'en' });
  test('an operator finds the words for a check', async ({ page, as, market }) => {
    const errors = watch(page);
    const id = await draft(market, { poverty: true });
    await market.ask('liulin', 'POST', `/offers/${id}/publish`, {});
    await as('operator');
    await visit(page, '/offers/' + id);
    await expect(button(page, 'The mark is right: put it on sale')).toBeVisible();
    await open(page);
    await expect(button(page, 'Send back to the seller')).toBeVisible();
    await expectSound(page, errors);
    await market.ask('operator', 'POST', `/offers/${id}/send_back`, { reason: 'no list of households' });
    await as('liulin');
    await visit(page, '/');
    await page.getByRole('link', { name: 'Poverty mark sent back' }).click();
    await expect(page.getByText('Sent back by the county office: no list of households')).toBeVisible();
    await expectSound(page, errors);
  });
});

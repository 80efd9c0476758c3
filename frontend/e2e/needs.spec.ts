// A need that is over before anything set out is cancelled; one that nobody spoke of for long is called back once more.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test, type Market, type Page } from './market';

test.use({ moment: 'listed' });

/** The page of the hospital's need for apples, which nothing was ordered for. */
async function needOf(market: Market): Promise<string> {
  const all = await market.ask('union', 'GET', '/demands?party=' + (await partyOf(market, 'union', 'receiver')));
  const need = all.find((d: any) => d.produce_name.includes('苹果'));
  expect(need.state).toBe('verified');
  return '/demands/' + need.id;
}

const button = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name, exact: true });
const state = (page: Page) => page.locator('main .tag').first();

test('its receiver cancels a need, when it is sure', async ({ page, as, market }) => {
  const errors = watch(page);
  const path = await needOf(market);
  await as('donor');
  await visit(page, path);
  await expect(button(page, '取消需求')).toHaveCount(0);
  await as('union');
  await visit(page, path);
  const asked: string[] = [];
  page.once('dialog', (d) => (asked.push(d.message()), d.dismiss()));
  await button(page, '取消需求').click();
  await expect.poll(() => asked.length).toBe(1);
  expect(asked[0]).toContain('苹果');
  expect((await market.ask('union', 'GET', path)).state).toBe('verified');
  await expectSound(page, errors);
  page.once('dialog', (d) => d.accept());
  await button(page, '取消需求').click();
  await expect(state(page)).toHaveText('已取消');
  await expect(page.getByRole('main').getByRole('button', { name: /取消需求|还需要|不再接收/ })).toHaveCount(0);
});

test('a need of a canteen speaks of no wards, and what was said just now is not asked for first', async ({ page, as, market }) => {
  const errors = watch(page);
  const need = await market.ask('firm', 'POST', '/demands', { party: await partyOf(market, 'firm', 'buyer'), produce: '苹果', amount: { kind: 'known', weight: '1吨' } });
  await as('firm');
  await visit(page, '/demands/' + need.id);
  await expect(page.getByRole('row', { name: '已分发' })).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText('病区');
  await expect(button(page, '还需要')).not.toHaveClass(/main/);
  await expectSound(page, errors);
});

test('an operator calls back again when a need was not spoken of for long', async ({ page, as, market, context }) => {
  const errors = watch(page);
  const path = await needOf(market);
  await as('operator');
  await visit(page, path);
  await expect(state(page)).toHaveText('已核实');
  await expect(button(page, '已核实')).toHaveCount(0);
  await context.setExtraHTTPHeaders({ 'X-Jishi-Clock': '2020-02-20T09:00:00+08:00' });
  await as('operator');
  await visit(page, path);
  await expect(state(page)).toHaveText('待确认');
  await page.getByLabel('怎么核实的').fill('打总机回拨');
  await expectSound(page, errors);
  await button(page, '已核实').click();
  await expect(state(page)).toHaveText('已核实');
  expect(await market.ask('union', 'GET', path)).toMatchObject({ verified_how: '打总机回拨', verified_at: expect.stringContaining('2020-02-20') });
});

test.describe('in English', () => {
  test.use({ lang: 'en' });
  test('a receiver finds how to cancel', async ({ page, as, market }) => {
    const errors = watch(page);
    const path = await needOf(market);
    await as('union');
    await visit(page, path);
    await expect(button(page, 'Cancel the need')).toBeVisible();
    await expectSound(page, errors);
  });
});

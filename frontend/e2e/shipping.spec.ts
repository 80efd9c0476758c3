// Goods and people that are no order of the market: posted, seen by the dispatcher, taken back.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test } from './market';

test.use({ moment: 'listed' });

test('a cooperative posts farm inputs, corrects a bad field, and takes them back @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  await as('liulin');
  await visit(page, '/orders');
  await page.getByRole('link', { name: '找车' }).tap();
  await expect(page.getByText('还没有要运的。')).toBeVisible();
  await page.getByRole('link', { name: '登记要运的货或人' }).tap();
  await page.getByLabel('品名').fill('月亮石');
  await page.getByLabel('重量', { exact: true }).fill('10');
  await page.getByLabel('从哪里').fill('武昌区');
  await expect(page.getByText('行政区划代码 420106')).toBeVisible();
  await page.getByLabel('到哪里').fill('凤翔区');
  await expect(page.getByText('行政区划代码 610305')).toBeVisible();
  await page.getByRole('button', { name: '登记' }).tap();
  await expect(page.getByRole('alert')).toContainText('月亮石');
  await expect(page.getByLabel('品名'), 'the bad field').toBeFocused();
  await expectSound(page, errors);
  await page.getByLabel('品名').fill('复合肥');
  await page.getByLabel('卸货从几点').fill('08:30');
  await page.getByLabel('卸货到几点').fill('18:00');
  await page.getByRole('button', { name: '登记' }).tap();
  await expect(page.getByRole('heading', { name: '复合肥 10,000 kg' })).toBeVisible();
  await expect(page.getByText('等排车')).toBeVisible();
  await expectSound(page, errors);
  const waiting = async () => (await market.ask('dispatcher', 'GET', '/loads')).filter((l: any) => l.posted);
  const [load] = await waiting();
  expect([load.goods.net_grams, load.seller, load.from.adcode, load.to.adcode]).toEqual([10_000_000, await partyOf(market, 'liulin', 'coop'), '420106', '610305']);
  page.on('dialog', (d) => d.accept());
  await page.getByRole('button', { name: '撤回' }).tap();
  await expect(page.getByText('已撤回')).toBeVisible();
  expect(await waiting()).toEqual([]);
});

test('a firm posts people, the dispatcher sees whose they are, and another party sees nothing @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  await as('firm');
  await visit(page, '/posted-loads/new');
  await page.getByRole('radio', { name: '人' }).check();
  await page.getByLabel('多少人').fill('62');
  await page.getByLabel('从哪里').fill('凤翔区');
  await expect(page.getByText('行政区划代码 610305')).toBeVisible();
  await page.getByLabel('到哪里').fill('丹阳市');
  await expect(page.getByText('行政区划代码 321181')).toBeVisible();
  await page.getByRole('button', { name: '登记' }).tap();
  await expect(page.getByRole('heading', { name: '62 人' })).toBeVisible();
  await as('dispatcher');
  await visit(page, '/dispatch');
  await page.getByRole('link', { name: '登记的货和人' }).tap();
  await expect(page.getByRole('heading', { name: '62 人' })).toBeVisible();
  await expect(page.locator('main')).toContainText((await market.ask('firm', 'GET', '/posted-loads'))[0].shipper_name);
  await expectSound(page, errors);
  expect(await market.ask('biaojiao', 'GET', '/posted-loads')).toEqual([]);
});

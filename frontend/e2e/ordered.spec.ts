// What a dispatcher says of roads and loads, and a trip on which two trucks follow each other.
import { fill } from './day.js';
import { expectSound, open, visit, watch } from './look';
import { expect, partyOf, test, type Market, type Page } from './market';

test.use({ moment: 'listed' });

const listed = (page: Page) => page.getByRole('list', { name: /封路和指定/ });

/** The areas that are closed and the words about loads that stand, as the server has them. */
async function standing(market: Market) {
  const [roads, pins] = [await market.ask('dispatcher', 'GET', '/road-closures?standing=true'), await market.ask('dispatcher', 'GET', '/load-pins?standing=true')];
  return { roads, pins };
}

test('closes a road, says which truck takes a load, sees both with the reason, and takes them back', async ({ page, as, market }) => {
  const errors = watch(page);
  await fill(market.ask, 3, 2);
  const [load] = (await market.ask('dispatcher', 'GET', '/loads'));
  await as('dispatcher');
  await visit(page, '/dispatch');
  await expect(page.getByRole('heading', { name: '封路和指定（0）' })).toBeVisible();

  const folded = (name: string) => page.locator('details').filter({ has: page.getByText(name) });
  const [close, bind] = [folded('封一条路'), folded('指定哪辆车装')];
  await page.getByText('封一条路').click();
  await page.getByLabel('从哪个地区').fill('凤翔');
  await expect(page.getByText('代码 610305')).toBeVisible();
  await page.getByLabel('到哪个地区').fill('没有这个地方');
  await close.getByLabel('原因').fill('秦岭大雪');
  await page.getByRole('button', { name: '封路', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('没有这个地方');
  expect((await standing(market)).roads, 'words that name no area close nothing').toEqual([]);
  await page.getByLabel('到哪个地区').fill('武汉');
  await expect(page.getByText('代码 420100')).toBeVisible();
  await page.getByLabel('封到哪天').fill('2020-02-05');
  await page.getByRole('button', { name: '封路', exact: true }).click();
  await expect(listed(page)).toContainText('封路：凤翔区 — 武汉市');
  await expect(listed(page)).toContainText('2020年2月2日到2020年2月5日');
  await expect(listed(page)).toContainText('秦岭大雪');
  expect((await standing(market)).roads).toMatchObject([{ from: '610305', to: '420100', since: '2020-02-02', until: '2020-02-05', reason: '秦岭大雪' }]);

  await page.getByText('指定哪辆车装').click();
  await bind.locator('[name=load]').selectOption(load.allocation);
  await bind.locator('[name=vehicle]').selectOption({ label: '陕C·B1001' });
  await page.getByLabel('不装这辆车').check();
  await bind.getByLabel('原因').fill('没洗过车');
  await page.getByRole('button', { name: '就这样定' }).click();
  await expect(listed(page)).toContainText('不装 陕C·B1001');
  await expect(listed(page)).toContainText('没洗过车');
  await expect(page.getByRole('heading', { name: '封路和指定（2）' })).toBeVisible();
  expect((await standing(market)).pins).toMatchObject([{ load: load.allocation, plate: '陕C·B1001', never: true, reason: '没洗过车' }]);
  await open(page);
  await expectSound(page, errors);

  await listed(page).getByRole('button', { name: '撤销' }).click();
  await expect(page.getByRole('heading', { name: '封路和指定（1）' })).toBeVisible();
  await listed(page).getByRole('button', { name: '放行' }).click();
  await expect(page.getByRole('heading', { name: '封路和指定（0）' })).toBeVisible();
  expect(await standing(market)).toEqual({ roads: [], pins: [] });
});

/** A load to Wuhan, a truck of Fengxiang, and one of Wuhan to take over: it spares the first driver two weeks at home. */
async function relayed(market: Market) {
  const [shipper, carrier] = [await partyOf(market, 'liulin', 'coop'), await partyOf(market, 'haulier', 'carrier')];
  const home = { adcode: '610322', name: '凤翔包装厂', lon: 107.4, lat: 34.52 };
  const park = { adcode: '420112', name: '东西湖停车场', lon: 114.1314, lat: 30.6222 };
  await market.ask('liulin', 'POST', '/posted-loads', {
    shipper, produce: '苹果', weight: '5000公斤', packing: '纸箱', pack_weight: '10公斤',
    from: home, to: { adcode: '420103', name: '协和医院', lon: 114.28, lat: 30.58 }, wanted_by: '2020-02-08T12:00:00+08:00',
  });
  for (const [plate, place] of [['陕C·B1000', home], ['鄂A·H0001', park]] as const) {
    const vehicle = await market.ask('haulier', 'POST', '/vehicles', { carrier, type: 'T68', plate, plate_colour: 'yellow', driver: 'D', passes: [{ number: 'P' + plate, area: '', from: '2020-01-24', until: '2020-03-31' }] });
    await market.ask('haulier', 'POST', '/capacity-offers', { vehicle: vehicle.id, place, from: '2020-02-03T06:00:00+08:00', until: '2020-02-10T20:00:00+08:00' });
  }
  return market.ask('dispatcher', 'POST', '/plans', { day: '2020-02-05' });
}

test('shows where the second truck takes over, in the plan, on the desk and to its driver', async ({ page, as, market }) => {
  const errors = watch(page);
  const plan = await relayed(market);
  const [trip] = plan.options[0].trips;
  expect(trip.relay, 'the plan hands over').toMatchObject({ plate: '鄂A·H0001' });
  await as('dispatcher');
  await visit(page, '/plans/' + plan.id);
  await expect(page.getByText(`陕C·B1000 → 鄂A·H0001`).first()).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: `交接 ${trip.relay.station.name} → 鄂A·H0001` }).first()).toBeVisible();
  await open(page);
  await expectSound(page, errors);

  const [made] = (await market.ask('dispatcher', 'POST', `/plans/${plan.id}/accept`, { option: 'a' }));
  await visit(page, '/dispatch');
  await expect(page.getByText('鄂A·H0001').first()).toBeVisible();
  await visit(page, '/trips/' + made.id);
  await expect(page.getByRole('listitem').filter({ hasText: `交接 · ${trip.relay.station.name} → 鄂A·H0001` })).toBeVisible();
  await expectSound(page, errors);
});

/** A coach that is on the road from Baoji to Danyang at two in the night. */
async function byNight(market: Market) {
  const [office] = await market.ask('dispatcher', 'GET', '/parties?kind=office');
  const carrier = await partyOf(market, 'haulier', 'carrier');
  const from = { adcode: '610327', name: '陇县温水镇', lon: 106.95, lat: 34.86 };
  const load = await market.ask('dispatcher', 'POST', '/posted-loads', { shipper: office.id, people: 20, from, to: { adcode: '321181', name: '丹阳' } });
  const vehicle = await market.ask('haulier', 'POST', '/vehicles', { carrier, type: 'C45', plate: '陕C·K4501', plate_colour: 'yellow', driver: 'D' });
  const offer = await market.ask('haulier', 'POST', '/capacity-offers', { vehicle: vehicle.id, place: from, from: '2020-02-10T14:00:00+08:00', until: '2020-02-12T20:00:00+08:00' });
  return market.ask('dispatcher', 'POST', '/plans', { loads: [load.id], trucks: [offer.id], day: '2020-02-10' });
}

test('says when a coach stands still by night, in the plan and on the trip', async ({ page, as, market }) => {
  const errors = watch(page);
  const plan = await byNight(market);
  await as('dispatcher');
  await visit(page, '/plans/' + plan.id);
  await expect(page.getByRole('listitem').filter({ hasText: '丹阳' }).filter({ hasText: '2月11日 02:00 到 2月11日 05:00 停车' }).first()).toBeVisible();
  await expect(page.getByText('换司机接驳就不用停').first()).toBeVisible();
  await open(page);
  await expectSound(page, errors);
  const [made] = await market.ask('dispatcher', 'POST', `/plans/${plan.id}/accept`, { option: 'a' });
  await visit(page, '/trips/' + made.id);
  await expect(page.getByRole('listitem').filter({ hasText: '丹阳' })).toContainText('2月11日 02:00 到 2月11日 05:00 停车');
  await expectSound(page, errors);
});

test.describe('in English', () => {
  test.use({ lang: 'en' });
  test('what was said of roads and loads is sound', async ({ page, as, market }) => {
    const errors = watch(page);
    await fill(market.ask, 2, 1);
    await market.ask('dispatcher', 'POST', '/road-closures', { from: '420100', since: '2020-02-02', until: '2020-02-02', reason: 'Snow' });
    await as('dispatcher');
    await visit(page, '/dispatch');
    await expect(page.getByRole('list', { name: /Closed roads/ })).toContainText('Closed: into and out of');
    await open(page);
    await expectSound(page, errors);
  });
});

// What else happens on the way, each said by whoever sees it: the truck changes hands, breaks down, its goods get warm, come back or are lost.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test, type Market, type Page } from './market';

test.use({ moment: 'underway' });

/** The first truck with apples, on the road to one hospital. */
const tripOf = async (market: Market) => (await market.ask('dispatcher', 'GET', '/trips')).find((t: any) => t.outline.plate === '陕C·A1001');
const seen = (market: Market, id: string) => market.ask('dispatcher', 'GET', '/trips/' + id);
const stateIs = (market: Market, id: string, state: string) => expect.poll(async () => (await seen(market, id)).state).toBe(state);

/** Opens the fold of one report and gives its form. */
async function report(page: Page, name: string) {
  const form = page.locator('details', { has: page.locator('summary', { hasText: name }) });
  if (!(await form.evaluate((d: HTMLDetailsElement) => d.open))) await form.locator('summary').tap();
  return form;
}
const say = (form: Awaited<ReturnType<typeof report>>) => form.locator('button.main').tap();

test('one driver gives the truck at a station that is open, another takes it over @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const trip = await tripOf(market);
  await as('driver1');
  await visit(page, `/trips/${trip.id}/reports`);
  const form = await report(page, '换司机');
  const stations = await form.getByLabel('中转站').locator('option').allTextContents();
  expect(stations.filter(Boolean)).toEqual(trip.stations.map((s: any) => s.name));
  await form.getByLabel('中转站').selectOption({ index: 2 });
  await form.getByLabel('接手的司机').fill('赵师傅(演示)');
  await say(form);
  await stateIs(market, trip.id, 'at_hand_over');
  await expect(page.getByText('等 赵师傅(演示) 签字接手')).toBeVisible();
  await expect(page.getByText('我接手'), 'nobody signs for both sides').toHaveCount(0);
  await expectSound(page, errors);

  await as('driver2');
  await visit(page, `/trips/${trip.id}/reports`);
  page.once('dialog', (d) => d.accept());
  await say(await report(page, '我接手'));
  await stateIs(market, trip.id, 'handed_over');
  expect((await seen(market, trip.id)).legs.map((l: any) => l.to ?? l.place)).toHaveLength(2);
});

test('a truck breaks down, and another one takes its goods where it stands @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const trip = await tripOf(market);
  await as('driver1');
  await visit(page, `/trips/${trip.id}/reports`);
  const broken = await report(page, '车坏了');
  await broken.getByLabel('原因').fill('轮胎爆了');
  await say(broken);
  await stateIs(market, trip.id, 'breakdown');
  await expect(page.getByText('修好了，继续走').first()).toBeVisible();
  const form = await report(page, '换司机');
  await form.getByLabel('车停在哪里').fill('福银高速 K1210');
  await form.getByLabel('接手的司机').fill('赵师傅(演示)');
  await form.getByLabel('接手的车').fill('陕C·B2001');
  await expectSound(page, errors);
  await say(form);
  await stateIs(market, trip.id, 'at_hand_over');
  expect((await seen(market, trip.id)).hand_over).toMatchObject({ station: '福银高速 K1210', vehicle: '陕C·B2001' });
});

test('a truck that was mended drives on @phone', async ({ page, as, market }) => {
  const trip = await tripOf(market);
  await market.ask('driver1', 'POST', `/trips/${trip.id}/breakdown`, { reason: '爆胎' });
  await as('driver1');
  await visit(page, `/trips/${trip.id}/reports`);
  page.once('dialog', (d) => d.accept());
  await say(await report(page, '修好了'));
  await stateIs(market, trip.id, 'running');
});

/** Apples on a refrigerated truck, on the road to Xi'an. */
async function cold(market: Market): Promise<any> {
  const carrier = await partyOf(market, 'haulier', 'carrier');
  const from = { adcode: '610322', name: '凤翔包装厂', lon: 107.4, lat: 34.52 };
  const load = await market.ask('liulin', 'POST', '/posted-loads', {
    shipper: await partyOf(market, 'liulin', 'coop'), produce: '苹果', weight: '5000公斤', packing: '纸箱', pack_weight: '10公斤', from, to: { adcode: '610112', name: '西安欣桥市场' },
  });
  const vehicle = await market.ask('haulier', 'POST', '/vehicles', { carrier, type: 'T96-3R', plate: '陕C·R1001', plate_colour: 'yellow', driver: 'D' });
  const offer = await market.ask('haulier', 'POST', '/capacity-offers', { vehicle: vehicle.id, place: from, from: '2020-02-04T06:00:00+08:00', until: '2020-02-08T20:00:00+08:00' });
  const plan = await market.ask('dispatcher', 'POST', '/plans', { loads: [load.id], trucks: [offer.id] });
  const [{ id }] = await market.ask('dispatcher', 'POST', `/plans/${plan.id}/accept`, { option: plan.options[0].id });
  await market.ask('haulier', 'POST', `/trips/${id}/confirm`, {});
  const [part] = (await seen(market, id)).consignments;
  await market.ask('haulier', 'POST', `/trips/${id}/stops/0/load`, { gross: '15000公斤', tare: '10000公斤', lines: [{ consignment: part.id }] });
  return market.ask('haulier', 'POST', `/trips/${id}/stops/0/depart`, {});
}

test('goods that got warm are held until somebody looked at them; what is bad has to be rejected @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const trip = await cold(market);
  await as('haulier');
  await visit(page, `/trips/${trip.id}/reports`);
  const warm = await report(page, '报车厢温度');
  await warm.getByLabel('温度计编号').fill('S1');
  await warm.getByLabel('现在几度').fill('12,5');
  await say(warm);
  await expect(page.getByText('扣住的原因：测到 12.5 °C，最高只许 4.0 °C，要复查。')).toBeVisible();
  await expectSound(page, errors);
  await expect(page.locator('summary', { hasText: '复查' }), 'the carrier does not check himself').toHaveCount(0);

  await as('dispatcher');
  await visit(page, `/trips/${trip.id}/reports`);
  const check = await report(page, '复查，放行');
  await check.getByLabel('谁复查的').fill('检疫员(演示)');
  await say(check);
  await expect(check.getByRole('alert'), 'each consignment has to be looked at').toContainText('复检');
  await check.getByLabel('其中销毁').fill('200');
  await check.getByLabel('坏在哪里').fill('软了');
  await say(check);
  await stateIs(market, trip.id, 'running');
  await expect(page.getByText('扣住的原因')).toHaveCount(0);
  const line = { consignment: trip.consignments[0].id, received: '5000公斤' };
  await expect(market.ask('dispatcher', 'POST', `/trips/${trip.id}/stops/1/deliver`, { receiver: '演示', lines: [line] })).rejects.toThrow('200');
});

test('goods come back to their seller, less what rotted @phone', async ({ page, as, market }) => {
  const trip = await tripOf(market);
  await as('liulin');
  await visit(page, `/trips/${trip.id}/reports`);
  const back = await report(page, '货退回来了');
  await back.getByLabel('收回').fill('5000');
  await back.getByLabel('少了的').selectOption('rot');
  await say(back);
  await stateIs(market, trip.id, 'done');
  expect((await seen(market, trip.id)).consignments[0]).toMatchObject({ returned_grams: 5_000_000, lost_grams: 16_000, on_truck_grams: 0 });
});

test('a truck that nobody heard of for 72 hours is given up, not before @phone', async ({ page, as, market, context }) => {
  const trip = await tripOf(market);
  await as('operator');
  await visit(page, `/trips/${trip.id}/reports`);
  const lost = await report(page, '报全部丢失');
  await lost.getByLabel('怎么丢的').selectOption('theft');
  await lost.getByLabel('报案号').fill('公安-0001');
  await say(lost);
  await expect(lost.getByRole('alert')).toContainText('72');
  await context.setExtraHTTPHeaders({ 'X-Jishi-Clock': '2020-02-07T18:00:00+08:00' });
  await say(lost);
  await stateIs(market, trip.id, 'done');
  expect((await seen(market, trip.id)).consignments[0].lost_grams).toBe(5_016_000);
});

test('what the server refuses goes back into its form with what was typed @phone', async ({ page, as, market }) => {
  const trip = await tripOf(market);
  await as('driver1');
  await visit(page, `/trips/${trip.id}/reports`);
  const warm = await report(page, '报车厢温度');
  await warm.getByLabel('温度计编号').fill('S7');
  await warm.getByLabel('现在几度').fill('95');
  await say(warm);
  const refused = page.getByRole('alert').filter({ hasText: '没有被接受：温度' });
  await expect(warm.getByLabel('温度计编号')).toHaveValue('');
  await refused.getByRole('button', { name: '改一改' }).tap();
  await expect(refused).toHaveCount(0);
  await expect(warm.getByLabel('温度计编号')).toHaveValue('S7');
  await warm.getByLabel('现在几度').fill('9.5');
  await say(warm);
  await expect.poll(async () => (await seen(market, trip.id)).events.at(-1).kind).toBe('temperature');
});

test('what became impossible meanwhile is there again with its form @phone', async ({ page, as, market }) => {
  const trip = await tripOf(market);
  await as('driver1');
  await visit(page, `/trips/${trip.id}/reports`);
  const broken = await report(page, '车坏了');
  await broken.getByLabel('原因').fill('轮胎爆了');
  await market.ask('dispatcher', 'POST', `/trips/${trip.id}/hold`, { reason: '要看一看' });
  await say(broken);
  const refused = page.getByRole('alert').filter({ hasText: '没有被接受：车坏了' });
  await expect(refused).toBeVisible();
  await page.reload();
  await expect(page.getByText('扣住的原因：要看一看')).toBeVisible();
  await refused.getByRole('button', { name: '改一改' }).tap();
  await expect(refused).toHaveCount(0);
  await expect(broken, 'nobody says so of goods that are held').toHaveCount(0);
  await market.ask('dispatcher', 'POST', `/trips/${trip.id}/check`, { inspector: '演示', lines: [] });
  await page.reload();
  await expect(broken.getByLabel('原因')).toHaveValue('轮胎爆了');
  await say(broken);
  await stateIs(market, trip.id, 'breakdown');
});

for (const [lang, title, back, tab] of [['zh-CN', '路上报事', '回到车次', '车次'], ['en', 'What happened on the way', 'Back to the trip', 'Trips']] as const) {
  test.describe(lang, () => {
    test.use({ lang });
    test(`whose goods are aboard reads what the page is, and finds the way back and its trips (${lang}) @phone`, async ({ page, as, market }) => {
      const errors = watch(page);
      const trip = await tripOf(market);
      await as('liulin');
      await visit(page, `/trips/${trip.id}/reports`);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
      await expect(page.getByRole('main').getByText(trip.outline.plate)).toBeVisible();
      const lit = page.getByRole('navigation').getByRole('link', { name: tab, exact: true });
      await expect(lit).toHaveAttribute('aria-current', 'page');
      await expect(lit, 'the lit tab is on the screen').toBeInViewport({ ratio: 0.9 });
      await expectSound(page, errors);
      await page.getByRole('main').getByRole('link', { name: back }).tap();
      await expect(page).toHaveURL(new RegExp(`/trips/${trip.id}$`));
    });
  });
}

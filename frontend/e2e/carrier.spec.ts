// A carrier puts a truck into the books, offers it for a trip, and answers the trip that was laid out for it.
import { fill } from './day.js';
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test, type Locator, type Market, type Page } from './market';

test.use({ moment: 'listed' });

const carrierOf = (market: Market) => partyOf(market, 'haulier', 'carrier');
const truck = async (market: Market, plate: string) => (await market.ask('haulier', 'GET', '/vehicles?limit=100&carrier=' + (await carrierOf(market)))).find((v: any) => v.plate === plate);

/** A truck of the carrier, put down without the pages. */
const owned = async (market: Market, plate: string) =>
  market.ask('haulier', 'POST', '/vehicles', { carrier: await carrierOf(market), type: 'T68', plate, plate_colour: 'yellow', driver: 'D' });

/** Three small loads and a truck for them, planned and accepted: the carrier has trips to answer. */
async function offered(market: Market): Promise<any[]> {
  await fill(market.ask, 12, 3);
  const plan = await market.ask('dispatcher', 'POST', '/plans', {});
  return market.ask('dispatcher', 'POST', `/plans/${plan.id}/accept`, { option: 'a' });
}

/** Types a moment into the field in focus, digit by digit. Which part comes first is the browser's language, not the page's. */
async function typeMoment(page: Page, field: Locator, [year, month, date, hour]: [string, string, string, string]) {
  for (const keys of [[year, 'ArrowRight', month, date, hour, '00'], [month, date, year, 'ArrowRight', hour, '00', 'A']]) {
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft');
    for (const k of keys) await (k === 'ArrowRight' ? page.keyboard.press(k) : page.keyboard.type(k));
    if ((await field.inputValue()) === `${year}-${month}-${date}T${hour}:00`) return;
  }
  throw new Error('the field takes no moment by keys: ' + (await field.inputValue()));
}

test('puts a truck with its pass into the books, and is told of a plate that is none @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  await as('haulier');
  await visit(page, '/vehicles');
  await page.locator('summary', { hasText: '登记车辆' }).tap();
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: '登记车辆' }) });
  await form.getByLabel('车牌', { exact: true }).fill('一二三');
  await form.getByLabel('司机').fill('赵师傅');
  await form.getByRole('button', { name: '登记车辆' }).tap();
  await expect(form.getByRole('alert')).toContainText('车牌为七到十个字符');
  await expect(form.getByLabel('车牌', { exact: true })).toBeFocused();
  await form.getByLabel('车牌', { exact: true }).fill('陕C·A2042');
  await form.getByRole('combobox', { name: '车型' }).selectOption('T42');
  await form.getByRole('combobox', { name: '牌照颜色' }).selectOption('blue');
  await form.locator('summary', { hasText: '通行证' }).tap();
  await form.getByLabel('通行证号').fill('TX-042');
  await form.getByLabel('从', { exact: true }).fill('2020-02-01');
  await form.getByLabel('到', { exact: true }).fill('2020-02-15');
  await form.getByRole('button', { name: '登记车辆' }).tap();
  const card = page.locator('li.card').filter({ hasText: '陕C·A2042' });
  await expect(card).toContainText('赵师傅');
  await expect(card).toContainText('TX-042');
  expect(await truck(market, '陕C·A2042')).toMatchObject({
    type: 'T42', plate_colour: 'blue', driver: '赵师傅', passes: [{ number: 'TX-042', area: '420100', from: '2020-02-01', until: '2020-02-15' }],
  });
  await expectSound(page, errors);
});

test('offers an empty truck by keyboard alone, and takes the offer back @desk', async ({ page, as, market }) => {
  const errors = watch(page);
  const { id } = await owned(market, '陕C·A2042');
  await as('haulier');
  await visit(page, '/vehicles');
  // Every field is reached by Tab and filled by keys: what is in focus is asked, nothing is clicked.
  const tabTo = async (field: Locator) => {
    for (let i = 0; i < 80; i++) {
      if (await field.evaluate((e) => e === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error('no Tab leads to ' + field);
  };
  const fold = page.locator('details').filter({ has: page.getByLabel('车在哪里') });
  await tabTo(fold.locator('summary').first());
  if (!(await fold.evaluate((e) => (e as HTMLDetailsElement).open))) await page.keyboard.press('Enter');
  await tabTo(fold.getByRole('combobox', { name: '车', exact: true }));
  await page.keyboard.press('ArrowDown'); // the newest truck is the first
  await tabTo(fold.getByLabel('车在哪里'));
  await page.keyboard.type('凤翔');
  await expect(page.getByText('行政区划代码 610305')).toBeVisible();
  await tabTo(fold.getByLabel('从什么时候'));
  await typeMoment(page, fold.getByLabel('从什么时候'), ['2020', '02', '03', '08']);
  await tabTo(fold.getByLabel('到什么时候'));
  await typeMoment(page, fold.getByLabel('到什么时候'), ['2020', '02', '05', '08']);
  await tabTo(fold.getByLabel('价格（元）'));
  await page.keyboard.type('620');
  await tabTo(fold.getByRole('combobox', { name: '怎么算' }));
  await page.keyboard.press('ArrowUp');
  await tabTo(fold.getByRole('button', { name: '报空车' }));
  await expectSound(page, errors);
  await page.keyboard.press('Enter');
  const card = page.locator('li.card').filter({ hasText: '¥620.00' });
  await expect(card).toContainText('陕C·A2042');
  await expect(card).toContainText('2月3日 08:00 – 2月5日 08:00');
  const offers = async () => market.ask('haulier', 'GET', '/capacity-offers?carrier=' + (await carrierOf(market)));
  expect((await offers()).filter((o: any) => o.vehicle === id)).toMatchObject([{ state: 'live', price: { kind: 'per_trip', fen: 62_000 }, place: { adcode: '610305' } }]);
  await tabTo(card.getByRole('button', { name: '撤下' }));
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await offers()).find((o: any) => o.vehicle === id)?.state).toBe('withdrawn');
});

test('offers a part of a truck with a deposit, the price of days at home and places it keeps off, and writes a pass to a truck it has @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const { id } = await owned(market, '陕C·A2043');
  await as('haulier');
  await visit(page, '/vehicles');
  const card = page.locator('li.card').filter({ hasText: '陕C·A2043' }).first();
  await card.locator('summary', { hasText: '换新证件' }).tap();
  await card.getByRole('combobox', { name: '哪种证件' }).selectOption('pass');
  await card.getByLabel('证件号').fill('TX-043');
  await card.getByLabel('从', { exact: true }).fill('2020-02-01');
  await card.getByLabel('有效到').fill('2020-02-15');
  await card.getByRole('button', { name: '存下证件' }).tap();
  await expect.poll(async () => (await truck(market, '陕C·A2043')).passes).toMatchObject([{ number: 'TX-043', area: '420100', from: '2020-02-01', until: '2020-02-15' }]);

  const fold = page.locator('details').filter({ has: page.getByRole('button', { name: '报空车' }) }).first();
  if (!(await fold.evaluate((e) => (e as HTMLDetailsElement).open))) await fold.locator('summary').first().tap();
  await fold.getByRole('combobox', { name: '车', exact: true }).selectOption(id);
  await fold.getByLabel('车在哪里').fill('凤翔');
  await expect(page.getByText('行政区划代码 610305')).toBeVisible();
  await fold.getByLabel('从什么时候').fill('2020-02-03T08:00');
  await fold.getByLabel('到什么时候').fill('2020-02-05T08:00');
  await fold.locator('summary', { hasText: '更多' }).tap();
  await fold.getByLabel('出让多少').fill('3000');
  await fold.getByLabel('出让多大').fill('12.5');
  await fold.getByLabel('可以拼车').check();
  await fold.getByLabel('定金').fill('200');
  await fold.getByLabel('隔离要多少').fill('6000');
  await fold.getByRole('combobox', { name: '不去风险等级' }).selectOption('high');
  await expectSound(page, errors);
  await fold.getByRole('button', { name: '报空车' }).tap();
  await expect(page.getByText('空余 3,000 公斤，12.5 立方米').or(page.getByText('空余 3,000 kg，12.5 立方米'))).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('offer.png'), fullPage: true });
  const offers = await market.ask('haulier', 'GET', '/capacity-offers?carrier=' + (await carrierOf(market)));
  expect(offers.find((o: any) => o.vehicle === id)).toMatchObject({ state: 'live', shared: true, deposit_fen: 20_000, quarantine_fen: 600_000, avoids: 'high',
    room: { grams: 3_000_000, volume_ml: 12_500_000 }, left: { grams: 3_000_000, volume_ml: 12_500_000 } });
});

test('sees by when it has to answer, takes one trip and declines the other @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const [first, second] = await offered(market);
  const state = async (trip: any) => (await market.ask('haulier', 'GET', '/trips/' + trip.id)).state;
  await as('haulier');
  await visit(page, '/');
  const waits = page.getByRole('listitem').filter({ hasText: '这趟车接不接' });
  await expect(waits).toHaveCount(2);
  await waits.filter({ hasText: first.outline.plate }).getByRole('link').tap();
  await expect(page.getByText('请在 2月2日 21:00 前答复')).toBeVisible();
  await expectSound(page, errors);
  await page.getByRole('button', { name: '接这趟车' }).tap();
  await expect.poll(() => state(first)).toBe('confirmed');
  await expect(page.getByRole('button', { name: '到了' })).toBeVisible();

  await visit(page, '/trips/' + second.id);
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.message());
    void (asked.length === 1 ? dialog.dismiss() : dialog.accept());
  });
  const no = page.getByRole('button', { name: '接不了' });
  await no.tap();
  expect(asked[0], 'whose trip it is').toContain(second.outline.plate);
  expect(await state(second), 'saying no to the question does nothing').toBe('reserved');
  await no.tap();
  await expect.poll(() => state(second)).toBe('declined');
  await expect(page.locator('.tag', { hasText: '已谢绝' })).toBeVisible();
  await expect(page.getByRole('button', { name: '接这趟车' })).toHaveCount(0);
});

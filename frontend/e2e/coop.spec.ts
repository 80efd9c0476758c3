// A cooperative with a phone in the field: lists, answers, packs, and loses nothing without a network.
import { expect, test } from './market';
import { expectSound, visit, watch } from './look';

const liulin = '11v11n'.padStart(26, '0');

test.describe('a cooperative with goods', () => {
  test.use({ moment: 'listed' });

  test('publishes a lot from one line with a photo in at most 12 taps @phone', async ({ page, as, market }) => {
    await as('liulin');
    await visit(page, '/lots');
    await page.evaluate(() => {
      (window as any).taps = 0;
      addEventListener('pointerdown', () => (window as any).taps++, true);
    });
    await page.getByRole('link', { name: '登记新货' }).tap();
    await page.getByLabel('货的照片').setInputFiles({ name: 'apples.png', mimeType: 'image/png', buffer: await page.screenshot() });
    const said = page.getByText('照片已上传');
    await expect(said).toBeVisible();
    await page.getByLabel('一句话说货').tap();
    await page.keyboard.type('苹果 3吨 富士80 3元/斤');
    await expect(page.getByText('行政区划代码')).toBeVisible(); // the last lot's place
    await page.getByRole('button', { name: '先读给我听' }).tap();
    await expect(page.getByText('听到的是')).toBeVisible();
    await page.getByRole('button', { name: '登记并发布' }).tap();
    await page.getByRole('heading', { name: '苹果 富士80' }).waitFor();
    // Choosing the photo is two taps more than the browser lets a test make.
    expect(await page.evaluate(() => (window as any).taps) + 2).toBeLessThanOrEqual(12);
    const [lot] = await market.ask('liulin', 'GET', '/lots?party=' + liulin);
    expect(lot).toMatchObject({ weighed_grams: 3_000_000, grade: '富士80', photo: expect.stringMatching(/./) });
    const [offer] = await market.ask('liulin', 'GET', '/offers?seller=' + liulin);
    expect(offer).toMatchObject({ lot: lot.id, price_e4: 60_000, state: 'live' });
  });

  test('lists as last time in four taps @phone', async ({ page, as, market }) => {
    await as('liulin');
    await visit(page, '/lots');
    await page.getByRole('link', { name: '登记新货' }).tap();
    await page.getByRole('button', { name: /照上次填/ }).tap();
    await page.getByLabel('价格', { exact: true }).fill('5.8');
    await page.getByRole('button', { name: '登记并发布' }).tap();
    await page.getByRole('heading', { name: /富士/ }).waitFor();
    const [first, second] = await market.ask('liulin', 'GET', '/lots?party=' + liulin);
    expect([first.weighed_grams, first.grade, first.packs, first.place.adcode]).toEqual([second.weighed_grams, second.grade, second.packs, second.place.adcode]);
  });

  test('says how warm a lot is kept, and buyers see how long it keeps at that', async ({ page, as, market }) => {
    const errors = watch(page);
    await as('liulin');
    await visit(page, '/lots/new');
    await page.getByLabel('一句话说货').fill('苹果 3吨 富士80 3元/斤');
    await page.getByLabel('采收日期').fill('2020-01-30');
    await page.getByLabel('存放温度').fill('-40.5');
    await expect(page.getByText('行政区划代码')).toBeVisible(); // the last lot's place
    await page.getByRole('button', { name: '先读给我听' }).click();
    await page.getByRole('button', { name: '登记并发布' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByLabel('存放温度')).toBeFocused();
    await page.getByLabel('存放温度').fill('4.5');
    await page.getByRole('button', { name: '登记并发布' }).click();
    await page.getByRole('heading', { name: '苹果 富士80' }).waitFor();
    await expect(page.getByText('按存放温度 4.5 °C 算')).toBeVisible();
    const [offer] = await market.ask('liulin', 'GET', '/offers?seller=' + liulin);
    await as('firm');
    await visit(page, '/offers/' + offer.id);
    await expect(page.getByText('按存放温度 4.5 °C 算')).toBeVisible();
    await expectSound(page, errors);
  });

  test('without orders is led to what it can sell, not to what it could buy @phone', async ({ page, as }) => {
    await as('liulin');
    await visit(page, '/orders');
    await expect(page.getByRole('main').getByRole('link', { name: '登记新货' })).toBeVisible();
    await expect(page.getByRole('main').getByRole('link', { name: '找货' })).toHaveCount(0);
    await page.getByLabel('显示').selectOption('buyer');
    await expect(page.getByRole('main').getByRole('link', { name: '找货' })).toBeVisible();
  });

  test('is told at the field what is wrong with a lot, and keeps what was typed @phone', async ({ page, as }) => {
    await as('liulin');
    await visit(page, '/lots/new');
    await page.getByRole('button', { name: '改用表格填' }).click();
    await page.getByLabel('品名').fill('🍎');
    await page.getByLabel('重量', { exact: true }).fill('300');
    await page.getByLabel('价格', { exact: true }).fill('3');
    await page.getByLabel('货在哪里').fill('眉县');
    await expect(page.getByText('行政区划代码 610326')).toBeVisible();
    await page.getByRole('button', { name: '登记并发布' }).click();
    await expect(page.getByRole('alert')).toContainText('🍎');
    await expect(page.getByLabel('品名')).toBeFocused();
    await page.reload();
    await expect(page.getByLabel('重量', { exact: true })).toHaveValue('300');
  });
});

test.describe('without a network', () => {
  test.use({ moment: 'listed', serviceWorkers: 'allow' });

  test('two lots with a photo wait through a reload and go out once, in order, dated when they were listed @phone', async ({ page, as, market, context }) => {
    await as('liulin');
    await visit(page, '/lots/new');
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.getByRole('button', { name: /照上次填/ }).waitFor();
    await page.reload(); // the worker keeps what this page needs from now on
    await page.getByRole('button', { name: /照上次填/ }).waitFor();
    await context.setOffline(true);
    await page.getByLabel('一句话说货').fill('苹果 1吨 富士80 3元/斤');
    await page.getByLabel('货的照片').setInputFiles({ name: 'apples.png', mimeType: 'image/png', buffer: await page.screenshot() });
    await page.getByRole('button', { name: '先读给我听' }).click();
    await expect(page.getByText('1 条待发送')).toBeVisible();
    await page.getByRole('link', { name: '登记新货' }).click();
    await page.getByLabel('一句话说货').fill('苹果 2吨 富士80 3元/斤');
    await page.getByRole('button', { name: '先读给我听' }).click();
    await expect(page.getByText('2 条待发送')).toBeVisible();
    await page.reload();
    await expect(page.getByText('2 条待发送')).toBeVisible();

    await context.setExtraHTTPHeaders({ 'X-Jishi-Clock': '2020-02-02T11:00:00+08:00' });
    await context.setOffline(false);
    await expect(page.getByText('条待发送')).toHaveCount(0);
    const lots = await market.ask('liulin', 'GET', '/lots?party=' + liulin);
    expect(lots.filter((l: any) => l.source_line).map((l: any) => l.weighed_grams).slice(0, 2)).toEqual([2_000_000, 1_000_000]);
    const first = lots.find((l: any) => l.weighed_grams === 1_000_000);
    expect(Date.parse(first.created_at) - Date.parse(first.acted_at)).toBeGreaterThan(3_600_000);
    expect((await fetch(`${market.url}/api/photos/${first.photo}`)).headers.get('content-type')).toBe('image/jpeg');
  });

  test('a lot that the server refuses later is shown and goes back into its form @phone', async ({ page, as, context }) => {
    await as('liulin');
    await visit(page, '/lots/new');
    await expect(page.getByText('行政区划代码')).toBeVisible();
    await visit(page, '/lots');
    await page.getByRole('link', { name: '登记新货' }).click();
    await page.getByLabel('一句话说货').waitFor();
    await context.setOffline(true);
    await page.getByLabel('一句话说货').fill('飞碟 1吨 3元/斤');
    await page.getByRole('button', { name: '先读给我听' }).click();
    await expect(page.getByText('1 条待发送')).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText('没有被接受：登记新货')).toBeVisible();
    await page.getByRole('button', { name: '改一改' }).click();
    await expect(page.getByLabel('一句话说货')).toHaveValue('飞碟 1吨 3元/斤');
  });

});

test.describe('a cooperative with orders', () => {
  test.use({ moment: 'ordered' });

  test('finds the order on the front page, gives a part of it, and the buyer agrees @phone', async ({ page, as, market }) => {
    const errors = watch(page);
    await as('liulin');
    await visit(page, '/');
    await page.getByRole('link', { name: '订单等您答复' }).first().click();
    await page.getByText('只能给一部分').click();
    await page.getByLabel(/能给$/).first().fill('9000');
    await page.getByRole('button', { name: '按这个重量答复' }).click();
    await expect(page.getByText('卖方能给 18,000 斤')).toBeVisible();
    await expectSound(page, errors);
    const path = new URL(page.url()).pathname;
    await as((await buyerOf(market, path))!);
    await visit(page, path);
    await page.getByRole('button', { name: '同意少给' }).click();
    await expect.poll(async () => (await market.ask('liulin', 'GET', path)).lines[0].grams).toBe(9_000_000);
  });

  async function buyerOf(market: any, path: string) {
    for (const login of ['donor', 'firm']) if (await market.ask(login, 'GET', path).catch(() => null)) return login;
  }
});

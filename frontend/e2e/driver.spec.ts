import { expect, test } from './market';
import { visit } from './look';

test.describe('a driver', () => {
  test.use({ moment: 'planned' });

  test('walks a trip stop by stop, one big button each @phone', async ({ page, as, market }) => {
    await as('driver1');
    const trips = await market.ask('driver1', 'GET', '/trips');
    const trip = trips.find((t: any) => t.outline.plate === '陕C·A1001');
    await visit(page, '/trips');
    await page.getByRole('link', { name: '陕C·A1001' }).click();
    await page.getByRole('button', { name: '到了' }).click();
    await page.getByLabel('重车过磅', { exact: true }).fill('14216');
    await page.getByLabel('空车过磅', { exact: true }).fill('9200');
    await page.getByRole('button', { name: '装好了' }).click();
    await page.getByRole('button', { name: '出发' }).click();
    await expect.poll(async () => (await market.ask('driver1', 'GET', '/trips/' + trip.id)).state).toBe('running');
    expect((await market.ask('driver1', 'GET', '/trips/' + trip.id)).consignments[0].loaded_grams).toBe(5_016_000);
  });

  test('goes on without a network; what was done, with its photo, goes up once and in order when it is back @phone', async ({ page, as, market, context }) => {
    await as('driver1');
    const trip = (await market.ask('driver1', 'GET', '/trips')).find((t: any) => t.outline.plate === '陕C·A1001');
    const seen = () => market.ask('driver1', 'GET', '/trips/' + trip.id);
    await visit(page, '/trips/' + trip.id);
    await context.setOffline(true);
    await page.getByRole('button', { name: '到了' }).click();
    await page.getByLabel('磅单照片').setInputFiles({ name: 'slip.png', mimeType: 'image/png', buffer: await page.screenshot() });
    await expect(page.getByText('照片已存在手机里')).toBeVisible();
    await page.getByLabel('重车过磅', { exact: true }).fill('14216');
    await page.getByLabel('空车过磅', { exact: true }).fill('9200');
    await page.getByRole('button', { name: '装好了' }).click();
    await page.getByRole('button', { name: '出发' }).click();
    await expect(page.getByText('3 条待发送')).toBeVisible();
    expect((await seen()).events.filter((e: any) => e.stop === 0)).toEqual([]);

    await context.setOffline(false);
    await expect.poll(async () => (await seen()).state).toBe('running');
    await expect(page.getByText('条待发送')).toHaveCount(0);
    const events = (await seen()).events.filter((e: any) => e.stop === 0);
    expect(events.map((e: any) => e.kind)).toEqual(['arrive', 'load', 'depart']);
    const photo = events[1].content.photo;
    expect((await fetch(`${market.url}/api/photos/${photo}`)).headers.get('content-type')).toBe('image/jpeg');
  });

  test('is told at once of weights that make no net; an act the server refuses is shown, and goes back into its form @phone', async ({ page, as, market }) => {
    await as('driver1');
    const trip = (await market.ask('driver1', 'GET', '/trips')).find((t: any) => t.outline.plate === '陕C·A1001');
    await visit(page, '/trips/' + trip.id);
    await page.getByRole('button', { name: '到了' }).click();
    const [gross, tare] = [page.getByLabel('重车过磅', { exact: true }), page.getByLabel('空车过磅', { exact: true })];
    const load = page.getByRole('button', { name: '装好了' });
    await gross.fill('9000');
    await tare.fill('9200');
    await load.click();
    await expect(page.getByRole('alert')).toContainText('净重算不出来');
    await expect(tare).toBeFocused();
    await gross.fill('29200');
    await load.click();
    const refused = page.getByRole('alert').filter({ hasText: '没有被接受：装货' });
    await expect(refused).toContainText('29,200 kg 超过这辆车允许的总重 18,000 kg。');
    await refused.getByRole('button', { name: '改一改' }).click();
    await expect(gross).toHaveValue('29200');
    await expect(refused).toHaveCount(0);
    await gross.fill('14216');
    await load.click();
    await expect.poll(async () => (await market.ask('driver1', 'GET', '/trips/' + trip.id)).consignments[0].loaded_grams).toBe(5_016_000);
  });

  test('taps twice and has come once @phone', async ({ page, as, market }) => {
    await as('driver1');
    const trip = (await market.ask('driver1', 'GET', '/trips')).find((t: any) => t.outline.plate === '陕C·A1001');
    const sent: string[] = [];
    page.on('request', (r) => r.url().endsWith('/arrive') && sent.push(r.url()));
    await visit(page, '/trips/' + trip.id);
    await page.getByRole('button', { name: '到了' }).dblclick();
    await expect.poll(async () => (await market.ask('driver1', 'GET', '/trips/' + trip.id)).state).toBe('loading');
    await expect(page.getByRole('button', { name: '装好了' })).toBeVisible();
    await expect(page.getByText('条待发送')).toHaveCount(0);
    expect(sent).toHaveLength(1);
  });

  test('whose clock is a day ahead is dated by the server @phone', async ({ page, as, market }) => {
    await as('driver1');
    const trip = (await market.ask('driver1', 'GET', '/trips')).find((t: any) => t.outline.plate === '陕C·A1001');
    await page.clock.setSystemTime(Date.parse(market.at) + 86_400_000);
    await visit(page, '/trips/' + trip.id);
    await page.getByRole('button', { name: '到了' }).click();
    await expect.poll(async () => (await market.ask('driver1', 'GET', '/trips/' + trip.id)).events.at(-1).kind).toBe('arrive');
    const { acted_at } = (await market.ask('driver1', 'GET', '/trips/' + trip.id)).events.at(-1);
    expect(Math.abs(Date.parse(acted_at) - Date.parse(market.at))).toBeLessThan(60_000);
  });
});

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
});

// A hospital's storekeeper takes goods in where there is no network; what was written down goes up once, or says why it can't.
import { visit } from './look';
import { expect, partyOf, test, type Market, type Page } from './market';

test.use({ moment: 'underway' });

/** The trip with a stop at the hospital that comes next, and that stop. */
async function next(market: Market): Promise<[id: string, stop: number]> {
  const me = await partyOf(market, 'union');
  const trip = (await market.ask('union', 'GET', '/trips')).find((t: any) => t.state === 'running' && t.outline.stops[1].party === me);
  return [trip.id, 1];
}

/** Writes everything on board down as received. */
async function takeIn(page: Page, market: Market, trip: string, stop: number): Promise<number> {
  const seen = await market.ask('union', 'GET', '/trips/' + trip);
  const aboard = seen.consignments.filter((c: any) => c.unload_stop === stop).reduce((sum: number, c: any) => sum + c.loaded_grams, 0);
  await page.getByLabel('收到（公斤，含拒收）').fill(String(aboard / 1000));
  await page.getByRole('button', { name: '收货' }).tap();
  return aboard;
}

test('takes goods in without a network; it goes up once, dated when it was done @phone', async ({ page, as, market, context }) => {
  await as('union');
  const [trip, stop] = await next(market);
  const events = async () => (await market.ask('union', 'GET', '/trips/' + trip)).events.filter((e: any) => e.kind === 'deliver');
  await visit(page, '/trips/' + trip);
  await context.setOffline(true);
  const aboard = await takeIn(page, market, trip, stop);
  await expect(page.getByText('1 条待发送')).toBeVisible();
  expect(await events()).toHaveLength(0);
  // Two hours without a network: the act keeps its time.
  await page.clock.setSystemTime(Date.parse(market.at) + 2 * 3_600_000);
  await context.setOffline(false);
  await expect.poll(async () => (await events()).length).toBe(1);
  await expect(page.getByText('条待发送')).toHaveCount(0);
  const [deliver] = await events();
  expect(Math.abs(Date.parse(deliver.acted_at) - Date.parse(market.at))).toBeLessThan(60_000);
  const seen = await market.ask('union', 'GET', '/trips/' + trip);
  expect(seen.consignments.filter((c: any) => c.unload_stop === stop).reduce((sum: number, c: any) => sum + c.accepted_grams, 0)).toBe(aboard);
});

test('is told when somebody else wrote the same delivery down meanwhile @phone', async ({ page, as, market, context }) => {
  await as('union');
  const [trip, stop] = await next(market);
  await visit(page, '/trips/' + trip);
  await context.setOffline(true);
  await takeIn(page, market, trip, stop);
  await expect(page.getByText('1 条待发送')).toBeVisible();
  const seen = await market.ask('driver1', 'GET', '/trips/' + trip);
  const lines = seen.consignments.filter((c: any) => c.unload_stop === stop).map((c: any) => ({ consignment: c.id, received: c.loaded_grams / 1000 + ' kg' }));
  await market.ask('driver1', 'POST', `/trips/${trip}/stops/${stop}/deliver`, { client_id: 'the-driver-was-first', lines, receiver: '门卫' });
  await context.setOffline(false);
  await expect(page.getByRole('alert')).toContainText('没有被接受：交货');
  expect((await market.ask('union', 'GET', '/trips/' + trip)).events.filter((e: any) => e.kind === 'deliver')).toHaveLength(1);
});

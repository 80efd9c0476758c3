import { expect, partyOf, test } from './market';
import { expectSound, visit, watch } from './look';

const onTheRoad = (trips: any[]) => trips.find((t) => ['running', 'handed_over'].includes(t.state) && t.outline.stops.some((s: any) => s.place.name.includes('解放大道')));

test.describe('what happens on the way', () => {
  test.use({ moment: 'underway' });

  test('goods go elsewhere: who is asked sees how far and until when, and the truck turns with the last yes @phone', async ({ page, as, market }) => {
    const errors = watch(page);
    const trip = onTheRoad(await market.ask('dispatcher', 'GET', '/trips'));
    const was = trip.outline.metres;
    // All that the wards asked for is on its way: goods go only where some is still asked for.
    const need = await market.ask('union', 'POST', '/demands', { party: await partyOf(market, 'union', 'receiver'), produce: trip.consignments.at(-1).produce, amount: { kind: 'unknown' }, relief: true });
    await market.ask('operator', 'POST', `/demands/${need.id}/verify`, { how: '回拨医院总机' });
    await as('dispatcher');
    await visit(page, '/trips/' + trip.id);
    await page.getByRole('link', { name: '路上报事' }).click();
    const form = page.locator('details', { hasText: '改送别处' }).last();
    await form.locator('summary').click();
    await form.getByLabel('送到').selectOption({ index: 1 });
    await form.getByLabel('原因').fill('冷库满了');
    await form.getByRole('button', { name: '改送别处' }).click();
    await expect(page.getByText('等答复')).toBeVisible();
    await expectSound(page, errors);

    const asked = (await market.ask('dispatcher', 'GET', '/trips/' + trip.id)).diversion;
    expect(asked.way.metres).not.toBe(was);
    expect((await market.ask('dispatcher', 'GET', '/trips/' + trip.id)).outline.metres).toBe(was);
    const people = ['donor', 'firm', 'union', 'zhongnan', 'liulin', 'biaojiao', 'canteen'];
    for (const login of people) {
      const due = await market.ask(login, 'GET', '/todo').then((list) => list.filter((x: any) => x.kind === 'divert'), () => []);
      if (!due.length) continue;
      await page.request.post('/api/session', { data: { login, password: 'jishi-demo' } });
      await visit(page, '/');
      await page.getByRole('link', { name: /改送别处|等您答复/ }).first().click();
      await expect(page.getByText(`全程 ${Math.round(asked.way.metres / 1000).toLocaleString('en')} 公里`)).toBeVisible();
      await page.getByRole('button', { name: '同意改送', exact: true }).click();
      await expect(page.getByRole('button', { name: '同意改送' })).toHaveCount(0);
    }
    await expect(page.getByText('都同意了')).toBeVisible();
    await page.screenshot({ path: test.info().outputPath('turned.png'), fullPage: true });
    const after = await market.ask('dispatcher', 'GET', '/trips/' + trip.id);
    expect([after.outline.metres, after.outline.haulage_fen]).toEqual([asked.way.metres, asked.way.haulage_fen]);
  });
});

// A buyer transfers by bank: the sheet says how much and what to quote, and the slip that proves it is kept until it is sent.
import { expectSound, visit, watch } from './look';
import { expect, lineOf, partyOf, test } from './market';

test.use({ moment: 'listed' });

test('a slip and a note outlive a reload and a line that is down, and are sent once @phone', async ({ page, as, market, context }) => {
  const errors = watch(page);
  const firm = await partyOf(market, 'firm');
  const offer = (await market.ask('firm', 'GET', '/search?kind=offer')).hits.find((h: any) => h.kind === 'offer');
  const order = await market.ask('firm', 'POST', '/orders', { buyer: firm, lines: [await lineOf(market, offer.id, '500 kg')] });
  const proofs = async () => (await market.ask('finance', 'GET', `/orders/${order.id}/proofs`)) ?? [];
  await as('firm');
  await visit(page, '/orders/' + order.id);
  // The sheet: the sum and the reference, as the server knows them.
  await expect(page.locator('dd.code', { hasText: order.invoice.reference })).toBeVisible();
  await expect(page.locator('dd.big', { hasText: (order.invoice.fen / 100).toLocaleString('en', { minimumFractionDigits: 2 }) }).first()).toBeVisible();
  const fold = page.locator('summary', { hasText: '已经转账了' });
  await fold.tap();
  await page.getByLabel('回单照片').setInputFiles({ name: 'slip.png', mimeType: 'image/png', buffer: await page.screenshot() });
  await expect(page.getByRole('img', { name: /回单照片/ })).toBeVisible();
  await page.getByLabel('说明', { exact: true }).fill('早上转的 🍎');
  await expectSound(page, errors);

  await page.reload();
  await fold.tap();
  await expect(page.getByLabel('说明', { exact: true })).toHaveValue('早上转的 🍎');
  await expect(page.getByRole('img', { name: /回单照片/ })).toBeVisible();

  await context.setOffline(true);
  await page.getByRole('button', { name: '发给财务' }).tap();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('说明', { exact: true })).toHaveValue('早上转的 🍎');
  expect(await proofs()).toHaveLength(0);

  await context.setOffline(false);
  await page.getByRole('button', { name: '发给财务' }).tap();
  await expect(page.getByText('早上转的 🍎')).toBeVisible();
  const sent = await proofs();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ note: '早上转的 🍎' });
  expect((await page.request.get('/api/photos/' + sent[0].photo)).headers()['content-type']).toMatch(/^image\//);
  await page.reload();
  await fold.tap();
  await expect(page.getByLabel('说明', { exact: true })).toHaveValue('');
});

test.describe('on a narrow phone', () => {
  test.use({ moment: 'told', viewport: { width: 390, height: 844 } });
  test('a state in the bank table stays on its line, and an empty list has no bullet @phone', async ({ page, as }) => {
    await as('finance');
    await visit(page, '/finance');
    const high = await page.locator('main table .tag').evaluateAll((tags) => tags.map((tag) => tag.getClientRects().length));
    expect(high.length).toBeGreaterThan(0);
    expect(high.every((lines) => lines === 1), high.join()).toBe(true);
    await visit(page, '/invoices');
    await expect(page.getByText('还没有账单')).toHaveCSS('list-style-type', 'none');
  });
});

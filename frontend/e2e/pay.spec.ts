// Paying by card or wallet on the page of the demonstration's payment service: there, back, turned round, and only once.
import { asksItself, expectSound, visit, watch } from './look';
import { expect, lineOf, partyOf, test, type Market, type Page } from './market';

test.use({ moment: 'listed' });

/** An order of the firm that its seller has confirmed, and that nobody has paid. */
async function unpaid(market: Market) {
  const hit = (await market.ask('firm', 'GET', '/search?kind=offer')).hits.find((h: any) => h.kind === 'offer');
  const offer = await market.ask('firm', 'GET', '/offers/' + hit.id);
  const firm = await partyOf(market, 'firm');
  const order = await market.ask('firm', 'POST', '/orders', { buyer: firm, lines: [await lineOf(market, offer.id, '500 kg')] });
  return order as { id: string; invoice: { fen: number } };
}

test('an order is paid by wallet, once, and the step back shows it', async ({ page, as, market }) => {
  const errors = watch(page);
  const order = await unpaid(market);
  await as('firm');
  await visit(page, '/orders/' + order.id);
  await page.getByRole('button', { name: '用银行卡或钱包付款' }).click();
  await expect(page.getByText('这是演示，不会动用真钱。')).toBeVisible();
  const there = page.url();
  await page.goBack();
  await page.getByRole('button', { name: '用银行卡或钱包付款' }).click();
  await expect(page).toHaveURL(there); // the same page, not a second one
  await page.getByRole('button', { name: '微信支付' }).click();
  await expect(page.getByRole('heading', { name: '已付款' })).toBeVisible();
  await expectSound(page, errors);
  await page.getByRole('link', { name: '返回', exact: true }).click();
  await expect(page.getByRole('button', { name: '用银行卡或钱包付款' })).toBeHidden();
  const paid = async () => (await market.ask('firm', 'GET', '/orders/' + order.id)).invoice.paid_fen;
  expect(await paid()).toBe(order.invoice.fen);

  // The browser's own way back leads over the sheet of payment and the payment service's page: nothing is paid again.
  await page.goBack();
  await expect(page.getByRole('heading', { name: '已付款' })).toBeVisible();
  await page.goBack();
  await page.waitForLoadState();
  await expect(page.getByRole('button', { name: '微信支付' })).toHaveCount(0);
  expect(await paid()).toBe(order.invoice.fen);
});

test('who turns round has paid nothing, and can go on', async ({ page, as, market }) => {
  const errors = watch(page);
  const order = await unpaid(market);
  await as('firm');
  await visit(page, '/orders/' + order.id);
  await page.getByRole('button', { name: '用银行卡或钱包付款' }).click();
  await page.getByRole('button', { name: '试一次被拒的付款' }).click();
  await expect(page.getByRole('alert')).toHaveText(/银行拒绝/);
  await page.getByRole('button', { name: '返回，不付款' }).click();
  await expect(page.getByRole('heading', { name: '尚未付款' })).toBeVisible();
  await expectSound(page, errors);
  await page.getByRole('link', { name: '继续付款' }).click();
  await page.getByRole('button', { name: '银行卡', exact: true }).click();
  await expect(page.getByRole('heading', { name: '已付款' })).toBeVisible();
});

/** Pays an order on the payment service's page, and gives the service's own address. */
async function pay(market: Market, page: Page, order: string, method: string) {
  const { url } = await market.ask('firm', 'POST', `/orders/${order}/checkout`, {});
  await page.request.post(url, { form: { method }, maxRedirects: 0 });
  return new URL(url).origin;
}

test('the buyer sees where the refund of a cancelled order stands, and finance a dispute from its first day to its last', async ({ page, as, market }) => {
  const errors = watch(page);
  const [cancelled, disputed] = [await unpaid(market), await unpaid(market)];
  await pay(market, page, cancelled.id, 'wechat_pay');
  await market.ask('firm', 'POST', `/orders/${cancelled.id}/cancel`, { reason: '食堂关门' });
  const payments = (id: string) => market.ask('firm', 'GET', `/orders/${id}/payments`);
  await expect.poll(async () => (await payments(cancelled.id))[0].refunds[0].state).toBe('done');
  const fold = page.locator('details', { has: page.getByText('银行卡和钱包付款') });
  await as('firm');
  await visit(page, '/orders/' + cancelled.id);
  await expect(fold.getByRole('listitem'), 'nothing is asked before it is opened').toHaveCount(0);
  await fold.locator('summary').click();
  await expect(fold.getByRole('listitem')).toHaveText(/已退款.*退款 ¥[\d,.]+ · 已退回.*2月2日/s);
  await expect(fold.getByRole('listitem')).toContainText(((cancelled.invoice.fen) / 100).toLocaleString('en', { minimumFractionDigits: 2 }));
  await expectSound(page, errors);

  const service = await pay(market, page, disputed.id, 'card');
  const desk = await page.request.get(service + '/');
  const session = /name="id" value="([^"]+)"><button name="act" value="dispute"/.exec(await desk.text())![1]!;
  await page.request.post(service + '/desk', { form: { act: 'dispute', id: session }, maxRedirects: 0 });
  await as('finance');
  await visit(page, '/orders/' + disputed.id);
  await fold.locator('summary').click();
  await expect(fold.getByRole('listitem')).toHaveText(/拒付争议中.*拒付 ¥[\d,.]+ · 争议中.*说没有收到货 · .*月/s);
  const dispute = /name="id" value="([^"]+)"><button name="act" value="won"/.exec(await (await page.request.get(service + '/')).text())![1]!;
  await page.request.post(service + '/desk', { form: { act: 'lost', id: dispute }, maxRedirects: 0 });
  await visit(page, '/orders/' + disputed.id);
  await fold.locator('summary').click();
  await expect(fold.getByRole('listitem')).toHaveText(/已被付款银行收回.*争议结束，钱被付款银行收回/s);
  await expectSound(page, errors);
});

test('finance sees a payment of another amount among what waits, and is there in one tap', async ({ page, as }) => {
  const errors = watch(page);
  await asksItself(page);
  await page.route('**/api/todo', (route) => route.fulfill({ json: [{ kind: 'held', path: 'finance/held', who: '某企业', fen: 123_45 }] }));
  await as('finance');
  await visit(page, '/');
  await expect(page.getByText('某企业 · ¥123.45')).toBeVisible();
  await page.getByRole('link', { name: '到账金额不对，等处理' }).click();
  await expect(page.getByRole('heading', { name: '待定的付款' })).toBeVisible();
  await expectSound(page, errors);
});

test('who paid a deposit in comes back to its deposits, and reads what becomes of it', async ({ page, as, market }) => {
  const seller = await partyOf(market, 'liulin', 'coop');
  const lot = await market.ask('liulin', 'POST', '/lots', { party: seller, produce: '苹果', weight: '5吨', place: { adcode: '610322' } });
  const offer = await market.ask('liulin', 'POST', '/offers', { lot: lot.id, price: '1.5元/斤', pickup: { from: '2020-02-06T08:00:00+08:00', to: '2020-02-07T18:00:00+08:00' } });
  await market.ask('liulin', 'PUT', `/offers/${offer.id}/deposit`, { buyer_permille: 100, seller_permille: 50 });
  const { version } = await market.ask('liulin', 'POST', `/offers/${offer.id}/publish`, {});
  const order = await market.ask('firm', 'POST', '/orders', { buyer: await partyOf(market, 'firm'), lines: [{ offer: offer.id, version, weight: '1吨' }] });
  await market.ask('liulin', 'POST', `/orders/${order.id}/confirm`, {});
  await as('firm');
  await visit(page, '/orders/' + order.id);
  await page.getByRole('button', { name: '在线交保证金' }).click();
  await page.getByRole('button', { name: '微信支付' }).click();
  await expect(page.getByRole('heading', { name: '已付款' })).toBeVisible();
  await expect(page.getByText('保证金由平台保管')).toBeVisible();
  await page.getByRole('link', { name: '返回', exact: true }).click();
  await expect(page).toHaveURL('/deposits');
  await expect(page.getByRole('main')).toContainText('¥300.00');
});

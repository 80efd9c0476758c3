// A donor follows its gift from the yuan to the ward and takes the receipt; a hospital reads its needs and hands out to its wards.
import { expect, grantOf, partyOf, test, type Market } from './market';
import { expectSound, open, visit, watch } from './look';

test.describe('after the trucks', () => {
  test.use({ moment: 'told' });

  test('a hospital hands out what it accepted, never more, and the gift page shows the wards', async ({ page, as, market }) => {
    const errors = watch(page);
    await as('union');
    await visit(page, '/demands');
    await page.getByRole('link', { name: '我的需求' }).click();
    const card = page.locator('article').filter({ hasText: '苹果' }).first();
    await expect(card.getByRole('row', { name: /在路上/ })).toContainText('0');
    const id = (await card.getByRole('heading').getByRole('link').getAttribute('href'))!.split('/').pop()!;
    const before = await market.ask('union', 'GET', '/demands/' + id);
    expect(before.accepted_grams).toBeGreaterThan(300_000);
    await card.getByRole('link', { name: '分发' }).click();

    await page.getByLabel('分发到哪里').fill('呼吸科');
    await page.getByLabel('重量', { exact: true }).fill('9999999');
    await page.getByRole('button', { name: '分发' }).click();
    await expect(page.getByRole('alert')).toContainText('库里没分发的只有');
    await page.getByLabel('重量', { exact: true }).fill('300');
    await page.getByRole('button', { name: '分发' }).click();
    await expect(page.locator('#handouts li').filter({ hasText: '呼吸科' })).toContainText('300');
    // An empty form for the next one: the same once more would be a second handout.
    await expect(page.getByLabel('分发到哪里')).toHaveValue('');
    await expect(page.getByLabel('重量', { exact: true })).toHaveValue('');
    const after = await market.ask('union', 'GET', '/demands/' + id);
    expect([after.handed_out_grams, after.accepted_grams, after.state]).toEqual([300_000, before.accepted_grams, before.state]);
    await expectSound(page, errors);

    const gift = (await market.ask('donor', 'GET', '/campaigns')).find((c: any) => c.title.includes('苹果'));
    await visit(page, '/gifts/' + gift.id);
    await expect(page.getByRole('row', { name: /呼吸科/ })).toContainText('300');
    await expectSound(page, errors);

    await visit(page, '/demands/' + id);
    await page.getByRole('button', { name: '记错了，撤销' }).click();
    await expect(page.locator('#handouts li').filter({ hasText: '呼吸科' })).toContainText('已撤销');
    expect((await market.ask('union', 'GET', '/demands/' + id)).handed_out_grams).toBe(0);
  });

  test('a donor sees the way of its gift and saves a receipt', async ({ page, as, market }) => {
    const errors = watch(page);
    await as('donor');
    await visit(page, '/gifts');
    await page.getByRole('link', { name: '我的捐赠' }).click();
    const card = page.locator('article').first();
    await expect(card.getByRole('list', { name: '这笔捐赠的路' })).toContainText('¥');
    const [given] = await market.ask('donor', 'GET', '/given?donor=' + (await partyOf(market, 'donor')));
    const loaded = given.trips.reduce((sum: number, x: any) => sum + x.loaded_grams, 0);
    expect(loaded).toBeGreaterThan(0);
    for (const x of given.trips) {
      const lost = (x.losses ?? []).reduce((sum: number, l: any) => sum + l.grams, 0);
      expect(x.on_truck_grams + x.accepted_grams + x.rejected_grams + x.returned_grams + lost).toBe(x.loaded_grams);
    }
    await open(page);
    await expect(card.getByText(given.trips[0].plate)).toBeVisible();
    await expect(card).toContainText(/装车 4,996 kg → 验收 4,972 kg · 损耗、拒收 24 kg/);
    await card.getByRole('button', { name: '开收据' }).click();
    const receipt = card.getByRole('link', { name: /PDF/ }).first();
    await expect(receipt).toBeVisible();
    const pdf = await page.request.get((await receipt.getAttribute('href'))!);
    expect([pdf.headers()['content-type'], (await pdf.body()).subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-']);
    await expectSound(page, errors);

    // What is reported takes no more money: it asks for none, and there is nothing to buy with.
    await card.getByRole('link', { name: '管理' }).click();
    await expect(page.getByText('已到账')).toBeVisible();
    await expect(page.locator('main')).not.toContainText(/银行转账|用这笔钱买货/);
    await expect(page.getByRole('navigation').getByRole('link', { name: '捐赠公示' })).toHaveAttribute('aria-current', 'page');
    await visit(page, '/gifts/' + given.id);
    await expect(page.locator('main')).toContainText('装车 4,996 kg → 收到 4,981 kg');
    await visit(page, '/gifts');
    const other = page.getByRole('listitem').filter({ hasText: '十吨大葱' });
    await expect(other.getByRole('link', { name: /管理|我也捐/ }), "another one's, and over").toHaveCount(0);
  });
});

test.describe('in English', () => {
  test.use({ moment: 'told', lang: 'en' });

  test('both have their pages', async ({ page, as }) => {
    const errors = watch(page);
    await as('donor');
    await visit(page, '/gifts/mine');
    await expect(page.getByRole('heading', { name: 'My gifts' })).toBeVisible();
    await open(page);
    await expectSound(page, errors);
    await as('union');
    await visit(page, '/demands/mine');
    await expect(page.getByRole('heading', { name: 'My needs' })).toBeVisible();
    await expectSound(page, errors);
  });
});

test.describe('before the trucks', () => {
  test.use({ moment: 'listed' });

  test('a hospital says that a need still stands, and that nothing more is wanted @phone', async ({ page, as, market }) => {
    await as('union');
    await visit(page, '/demands/mine');
    const card = page.locator('article').filter({ hasText: '苹果' }).first();
    const id = (await card.getByRole('heading').getByRole('link').getAttribute('href'))!.split('/').pop()!;
    const before = await market.ask('union', 'GET', '/demands/' + id);
    await card.getByRole('button', { name: '还需要' }).tap();
    await expect.poll(async () => (await market.ask('union', 'GET', '/demands/' + id)).confirmed_at).not.toBe(before.confirmed_at);
    await card.getByRole('heading').getByRole('link').tap();
    page.on('dialog', (d) => d.accept());
    await page.getByRole('button', { name: '不再接收' }).tap();
    await expect.poll(async () => (await market.ask('union', 'GET', '/demands/' + id)).state).toBe('refused_more');
  });
});

test.describe('an order of a gift', () => {
  test.use({ moment: 'listed' });

  test('asks its donor for no transfer: it leads to the gift while that lacks the money @phone', async ({ page, as, market }) => {
    const errors = watch(page);
    const offer = (await market.ask('donor', 'GET', '/offers')).find((o: any) => o.produce_name.includes('苹果'));
    const need = (await market.ask('donor', 'GET', '/demands')).find((d: any) => d.produce === offer.produce);
    const gift = await market.ask('donor', 'POST', '/campaigns', { donor: await partyOf(market, 'donor', 'donor'), title: '一车苹果', named_use: '免费给医护', demands: [need.id], goal_money: '5000元' });
    const order = await market.ask('donor', 'POST', '/orders', { buyer: gift.donor, campaign: gift.id, lines: [{ offer: offer.id, version: offer.version, weight: '500 kg', to: [{ demand: need.id, weight: '500 kg' }] }] });
    await as('donor');
    await visit(page, '/orders/' + order.id);
    await expect(page.getByRole('heading', { name: '由捐赠款支付' })).toBeVisible();
    for (const word of ['附言', '银行转账', '已经转账了', '扫码']) await expect(page.locator('main')).not.toContainText(word);
    await expectSound(page, errors);
    await page.getByRole('link', { name: '捐赠款还差' }).tap();
    await expect(page).toHaveURL(new RegExp('/campaigns/' + gift.id));
    await expect(page.getByText(gift.reference)).toBeVisible();
  });
});

test.describe('a campaign that asks for money', () => {
  test.use({ moment: 'listed' });

  test('another donor finds it, pledges no more than it asks for, sees what to transfer by, and takes the pledge back @phone', async ({ page, as, market }) => {
    const errors = watch(page);
    const party = async (login: string) => (await market.ask(login, 'GET', '/me')).grants.find((g: any) => g.role === 'donor').party;
    const need = (await market.ask('donor', 'GET', '/demands'))[0];
    const campaign = await market.ask('donor', 'POST', '/campaigns', { donor: await party('donor'), title: '一车苹果', named_use: '免费给医护', demands: [need.id], goal_money: '5000元' });
    await as('firm');
    await visit(page, '/gifts/' + campaign.id);
    await expect(page.locator('main')).not.toContainText('病');
    await visit(page, '/gifts');
    const card = page.getByRole('listitem').filter({ hasText: '一车苹果' });
    await expect(card.getByRole('link', { name: '管理' })).toHaveCount(0);
    await card.getByRole('link', { name: '我也捐' }).tap();
    await page.getByLabel('金额（元）').fill('5000.01');
    await page.getByRole('button', { name: '认捐，再转账' }).tap();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByLabel('金额（元）')).toBeFocused();
    await page.getByLabel('金额（元）').fill('1200.50');
    await page.getByLabel('没用完的怎么办').selectOption('next');
    await page.getByRole('button', { name: '认捐，再转账' }).tap();
    await expect(page.getByText('认捐 ¥1,200.50')).toBeVisible();
    await expectSound(page, errors);
    const pledges = async () => (await market.ask('firm', 'GET', '/pledges?donor=' + (await party('firm')))).filter((p: any) => p.campaign === campaign.id);
    const [pledge] = await pledges();
    expect(pledge).toMatchObject({ fen: 120_050, unspent: 'next', named: false, state: 'open' });
    await expect(page.getByText(pledge.reference)).toBeVisible();
    await page.getByRole('button', { name: '撤回认捐' }).tap();
    await expect(page.getByText('已撤回')).toBeVisible();
    expect((await pledges())[0].state).toBe('withdrawn');
  });

  test('a firm gives by wallet under its name, no more than is asked for, and stands on the public page @phone', async ({ page, as, market }) => {
    const errors = watch(page);
    const [need] = await market.ask('donor', 'GET', '/demands');
    const campaign = await market.ask('donor', 'POST', '/campaigns', { donor: await partyOf(market, 'donor', 'donor'), title: '一车苹果', named_use: '免费给医护', demands: [need.id], goal_money: '5000元' });
    await as('firm');
    await visit(page, '/campaigns/' + campaign.id);
    await page.getByLabel('金额（元）').fill('5000.01');
    await page.getByRole('button', { name: '用银行卡或钱包马上付' }).tap();
    await expect(page.getByRole('alert')).toContainText('5000.00 元');
    await page.getByLabel('金额（元）').fill('800');
    await page.getByLabel('没用完的怎么办').selectOption('next');
    await page.getByLabel('公示我的名称').check();
    await page.getByRole('button', { name: '用银行卡或钱包马上付' }).tap();
    await page.getByRole('button', { name: '微信支付' }).click();
    await expect(page.getByRole('heading', { name: '已付款' })).toBeVisible();
    await expect(page.getByText('只用于指定用途')).toBeVisible();
    await expectSound(page, errors);
    const firm = await grantOf(market, 'firm', 'donor');
    await visit(page, '/gifts/' + campaign.id);
    await expect(page.getByText('¥800.00').first()).toBeVisible();
    await expect(page.locator('main')).toContainText(firm.party_name);
    expect((await market.ask('firm', 'GET', '/campaigns/' + campaign.id)).room_fen).toBe(420_000);
    await page.evaluate(() => localStorage.setItem('lang', 'en'));
    await visit(page, '/gifts/' + campaign.id);
    await expect(page.locator('svg.flow')).toContainText('Left in the fund');
    await expectSound(page, errors); // two donors with no Chinese comma between them
  });

  /** A campaign of the donor, to which the firm pledged or did not, and whose named use is to be changed. */
  async function toBeChanged(market: Market, gave: boolean) {
    const [need] = await market.ask('donor', 'GET', '/demands');
    const campaign = await market.ask('donor', 'POST', '/campaigns', { donor: await partyOf(market, 'donor', 'donor'), title: '一车苹果', named_use: '免费给医护', demands: [need.id], goal_money: '5000元' });
    if (gave) {
      await market.ask('firm', 'POST', `/campaigns/${campaign.id}/pledges`, { donor: await partyOf(market, 'firm', 'donor'), amount: '100元' });
    }
    await market.ask('donor', 'POST', `/campaigns/${campaign.id}/use-change`, { named_use: '给社区', reason: '医院够了' });
    return '/campaigns/' + campaign.id;
  }

  test('another use is put to donors who gave, each once, and to nobody else', async ({ page, as, market }) => {
    const errors = watch(page);
    const [other, given] = [await toBeChanged(market, false), await toBeChanged(market, true)];
    const yes = page.getByRole('button', { name: '同意', exact: true });
    await as('firm');
    await visit(page, other);
    await expect(page.getByText('给社区')).toBeVisible();
    await expect(page.getByText('共 1 个捐方，0 个同意')).toBeVisible();
    await expect(yes, 'the firm gave nothing to this one').toHaveCount(0);
    await visit(page, given);
    await expect(page.getByText((await grantOf(market, 'firm', 'donor')).party_name + '同意吗？')).toBeVisible();
    await expectSound(page, errors);
    await yes.click();
    await expect(page.getByText('共 2 个捐方，1 个同意')).toBeVisible();
    await expect(yes, 'an answer stands').toHaveCount(0);
    expect((await market.ask('donor', 'GET', given)).named_use).toBe('免费给医护');

    await as('donor');
    await visit(page, given);
    await expect(page.locator('summary', { hasText: '请求改用途' }), 'nothing else is asked meanwhile').toHaveCount(0);
    await yes.click();
    await expect(page.getByRole('heading', { name: '都同意了，用途已改' })).toBeVisible();
    await expect(page.locator('main')).not.toContainText('有人请求改用途');
    await expect(page.locator('summary', { hasText: '请求改用途' })).toHaveCount(1);
    await expectSound(page, errors);
    expect(await market.ask('firm', 'GET', given)).toMatchObject({ named_use: '给社区', use_change: { outcome: 'agreed', said_yes: 2 } });
  });

  test('an operator ends one that comes to nothing, and finance gives its money on, donor by donor', async ({ page, as, market }) => {
    const errors = watch(page);
    const [need] = await market.ask('donor', 'GET', '/demands');
    const opened = async (title: string) => market.ask('donor', 'POST', '/campaigns', { donor: await partyOf(market, 'donor', 'donor'), title, named_use: '免费给医护', demands: [need.id], goal_money: '5000元' });
    const [failed, next] = [await opened('一车苹果'), await opened('一车大葱')];
    const firm = await grantOf(market, 'firm', 'donor');
    const pledge = await market.ask('firm', 'POST', `/campaigns/${failed.id}/pledges`, { donor: firm.party, amount: '100元', unspent: 'next' });
    await market.ask('finance', 'POST', '/bank-lines', { lines: [{ client_id: 'gift', reference: pledge.reference, amount: '100元', paid_at: '2020-02-01T20:00:00+08:00', payer: '乙(演示)' }] });
    page.on('dialog', (d) => d.accept());
    await as('operator');
    await visit(page, '/campaigns/' + failed.id);
    await page.getByRole('button', { name: '办不成，结束' }).click();
    await expect(page.getByRole('button', { name: '办不成，结束' })).toHaveCount(0);
    await as('finance');
    await visit(page, '/campaigns/' + failed.id);
    await page.getByLabel('转到哪个捐赠项目').selectOption('一车大葱');
    await expect(page.getByRole('option', { name: '一车苹果' }), 'not to itself').toHaveCount(0);
    await expectSound(page, errors);
    await page.getByRole('button', { name: '退回没用完的钱' }).click();
    await expect(page.getByText(`${firm.party_name} · ¥100.00 · 转到下一个`)).toBeVisible();
    expect((await market.ask('donor', 'GET', '/campaigns/' + next.id)).fund_fen).toBe(10_000);
    expect((await market.ask('donor', 'GET', '/campaigns/' + failed.id)).fund_fen).toBe(0);
  });
});

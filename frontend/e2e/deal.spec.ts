// One deal from the question for a price to the bank's number, by its own people at their own pages, each of whom reads the same numbers.
import { expectSound, visit, watch } from './look';
import { expect, grantOf, partyOf, test } from './market';

/** 1,000 kg of apples are asked for at 3.00 yuan/jin; 2.75 is agreed. 1,000 kg are loaded, 990 come, 12 of these are refused, 2 are granted by claim. */
const fen = { asked: '¥5,900.00', agreed: '¥5,500.00' };

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);
  test.describe(lang, () => {
    test.use({ moment: 'listed', lang });
    test.slow();

    test(`haggled, ordered, paid, driven, short, settled and paid out (${lang}) @phone`, async ({ page, as, market, context }, info) => {
      const errors = watch(page);
      let shots = 0;
      /** The page is sound, and kept as a picture where pictures are asked for. */
      const sound = async (name: string) => {
        await expectSound(page, errors);
        if (process.env.JISHI_SHOTS) await page.screenshot({ path: `${process.env.JISHI_SHOTS}/deal-${lang}-${String(++shots).padStart(2, '0')}-${name}.png`, fullPage: true });
      };
      const at = async (time: string) => {
        await context.setExtraHTTPHeaders({ 'X-Jishi-Clock': time });
        await page.clock.setSystemTime(new Date(time));
      };
      const main = page.getByRole('main');
      const press = async (zh: string, en: string) => main.getByRole('button', { name: say(zh, en), exact: true }).click();
      const sure = async (zh: string, en: string) => {
        let asked = '';
        page.once('dialog', (d) => ((asked = d.message()), d.accept()));
        await press(zh, en);
        return asked;
      };
      const reads = async (...all: string[]) => {
        for (const words of all) await expect(main).toContainText(words);
      };
      const todo = async (login: string, zh: string, en: string) => {
        await as(login);
        await visit(page, '/');
        const line = page.locator('.todo li').filter({ hasText: say(zh, en) }).first();
        await sound('todo-' + login);
        await line.getByRole('link').click();
        await page.locator('main h1').first().waitFor();
      };
      const kitchen = (await grantOf(market, 'canteen')).party_name;
      const coop = (await grantOf(market, 'liulin')).party_name;
      const offer = (await market.ask('canteen', 'GET', '/offers')).find((o: any) => o.produce_name === '苹果');

      // The kitchen says what it needs, and is called back.
      await as('canteen');
      await visit(page, '/demands');
      await main.getByRole('link', { name: say('发需求', 'Post a need') }).click();
      await page.getByLabel(say('品名', 'Produce')).fill('苹果');
      await page.locator('input[value=up_to]').check();
      await page.getByLabel(say('重量', 'Weight'), { exact: true }).fill('4000');
      await sound('new-need');
      await main.getByRole('button', { name: say('发出需求', 'Post it') }).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText(kitchen);
      const need = new URL(page.url()).pathname;
      await sound('need');
      await as('operator');
      await visit(page, need);
      await page.getByLabel(say('怎么核实的', 'How it was checked')).fill('回拨食堂');
      await press('已核实', 'Verified');
      await expect(main.getByRole('button', { name: say('已核实', 'Verified') })).toHaveCount(0);

      // It asks for a price; the cooperative names one, is offered less, and agrees.
      await as('canteen');
      await visit(page, '/offers/' + offer.id);
      await main.getByRole('link', { name: say('询价', 'Ask for a price') }).click();
      await page.getByLabel(say('重量', 'Weight'), { exact: true }).fill('1'); // tonne
      await sound('ask');
      await press('询价', 'Ask for a price');
      await expect(page.getByRole('heading', { level: 1 })).toContainText('1,000 kg');
      const quotation = new URL(page.url()).pathname;
      await sound('asked');
      await todo('liulin', '询价等您答复', 'A quotation waits for your answer');
      await page.getByLabel(say('用哪条供应', 'From which offer')).selectOption({ index: 1 });
      await page.getByLabel(say('价格（元/斤）', 'Price (yuan/jin)')).fill('2.95');
      await page.locator('[name=note]').fill('含箱');
      await sound('offering');
      await press('报价', 'Name a price');
      await reads(fen.asked);
      await sound('offered');
      await todo('canteen', '询价等您答复', 'A quotation waits for your answer');
      await reads(fen.asked, '含箱', '2.95', coop);
      await page.getByLabel(say('价格（元/斤）', 'Price (yuan/jin)')).fill('2.75');
      await sound('countering');
      await press('还价', 'Name another price');
      await reads(fen.agreed);
      await expect(main.getByRole('button', { name: say('同意这个价', 'Accept this price') }), 'its own price').toHaveCount(0);
      await sound('countered');
      await todo('liulin', '询价等您答复', 'A quotation waits for your answer');
      await reads('2.75', fen.agreed, kitchen);
      await sound('to-accept');
      expect(await sure('同意这个价', 'Accept this price')).toContain(fen.agreed);
      await expect(page).toHaveURL(/\/orders\/\w+$/);
      const order = new URL(page.url()).pathname;
      await expect(page.getByRole('heading', { level: 1 })).toContainText(kitchen);
      await reads('1,000 kg', fen.agreed);
      await sound('order-seller');
      await visit(page, quotation);
      await expect(page.locator('.tag').first()).toHaveText(say('谈成了', 'agreed'));
      await sound('agreed');

      // The kitchen sends the goods to itself, and pays by transfer.
      await as('canteen');
      await visit(page, order);
      await expect(page.getByRole('heading', { level: 1 })).toContainText(coop);
      await page.locator('summary', { hasText: say('定去处', 'Say where it goes') }).click();
      await page.locator('[name=demand]').selectOption({ label: kitchen });
      await page.getByLabel(say('重量', 'Weight'), { exact: true }).fill('1000');
      await sound('assigning');
      await press('定去处', 'Say where it goes');
      await reads(fen.agreed, say('已分配', 'Allocated'));
      await sound('order-buyer');
      const { reference } = (await market.ask('canteen', 'GET', order)).invoice;
      await reads(reference);
      await at('2020-02-02T10:00:00+08:00');
      await as('finance');
      await visit(page, '/finance');
      await page.getByText(say('一笔一笔登记', 'Type one line')).click();
      await page.locator('[name=reference]').fill(reference);
      await page.getByLabel(say('金额（元）', 'Amount (yuan)')).fill('5500');
      await page.locator('[name=paid_at]').fill('2020-02-02T09:30');
      await page.getByLabel(say('付款人', 'Payer')).fill(kitchen);
      await sound('bank-line');
      await press('登记到账', 'Add');
      await expect(main.getByRole('row').filter({ hasText: reference })).toContainText(fen.agreed);
      await sound('bank-lines');
      await as('canteen');
      await visit(page, order);
      await expect(main.getByRole('button', { name: say('用银行卡或钱包付款', 'Pay by card or wallet') })).toHaveCount(0);
      await sound('paid');

      // A truck is found, loads a tonne and brings ten kilograms less.
      const haulier = await partyOf(market, 'haulier');
      const vehicle = (await market.ask('haulier', 'GET', '/vehicles?carrier=' + haulier)).find((v: any) => v.plate === '陕C·A1001');
      await market.ask('haulier', 'POST', '/capacity-offers', { vehicle: vehicle.id, place: { adcode: '610322' }, from: '2020-02-03T08:00:00+08:00', until: '2020-02-07T20:00:00+08:00' });
      await at('2020-02-03T08:30:00+08:00');
      await as('dispatcher');
      await visit(page, '/dispatch');
      await sound('desk');
      await press('给全部排车', 'Plan everything');
      await page.waitForURL('**/plans/*', { timeout: 40_000 });
      await expect(main.getByRole('button', { name: say('采用', 'Accept'), exact: true }).first()).toBeVisible();
      await sound('plan');
      page.once('dialog', (d) => d.accept());
      await main.getByRole('button', { name: say('采用', 'Accept'), exact: true }).first().click();
      await expect(page).toHaveURL(/\/trips$/);
      await sound('trips');
      await todo('haulier', '这趟车接不接', 'A trip waits for your answer');
      const trip = new URL(page.url()).pathname;
      await press('接这趟车', 'Take this trip');
      await expect(main.getByRole('button', { name: say('接这趟车', 'Take this trip'), exact: true })).toHaveCount(0);
      await sound('trip-carrier');
      await at('2020-02-03T10:00:00+08:00');
      await as('driver1');
      await visit(page, trip);
      await press('到了', 'Arrived');
      await page.getByLabel(say('重车过磅', 'Gross (with goods)'), { exact: true }).fill('10200');
      await page.getByLabel(say('空车过磅', 'Tare (without goods)'), { exact: true }).fill('9200');
      await sound('loading');
      await press('装好了', 'Loaded');
      await press('出发', 'Leave');
      await expect(main).toContainText(say('在路上', 'On the road'));
      await sound('on-the-road');
      await at('2020-02-03T16:00:00+08:00');
      await press('到了', 'Arrived');
      await todo('canteen', '车来送货', 'A truck brings goods');
      await page.locator('[name=received]').fill('990');
      await page.locator('[name=rejected]').fill('12');
      await page.locator('[name=reject_reason]').fill('压伤');
      await page.locator('[name=lost_cause]').selectOption('missing');
      await sound('delivering');
      await press('收货', 'Received');
      await expect.poll(async () => (await market.ask('canteen', 'GET', order)).numbers.accepted_grams).toBe(978_000);
      await visit(page, trip);
      await sound('delivered-trip');
      await visit(page, order);
      await reads('978 kg', '12 kg', '10 kg');
      await sound('delivered-order');
      await main.getByRole('link', { name: say('验收和索赔', 'Receipt and claims') }).click();
      await reads('978 kg', '12 kg');
      await sound('claims');
      await sure('收下，没有问题', 'All is well: accept');
      await reads(say('已接受', 'accepted for good'));
      await sound('accepted');

      // Finance settles the truck, then the order by what was accepted: 978 kg at 5.50 are 5,379.00.
      await at('2020-02-04T09:00:00+08:00');
      await as('finance');
      await visit(page, '/');
      await expect(page.locator('.todo'), 'it ended when it was unloaded, whatever the plan said').toContainText('16:00');
      await todo('finance', '运费等结算', 'its haulage is to be settled');
      await expect(main.getByRole('link', { name: kitchen }), 'whose order pays').toBeVisible();
      await sound('haulage');
      await sure('结算这趟车', 'Settle the trip');
      await expect(main.getByRole('button')).toHaveCount(0);
      await sound('haulage-settled');
      await visit(page, '/');
      await expect(page.locator('.todo'), 'the truck was paid out of the same money: the buyer is asked first').not.toContainText(say('订单等结算', 'is to be settled'));
      await visit(page, order);
      await expect(main.getByRole('button', { name: say('结算', 'Settle'), exact: true })).toHaveCount(0);
      await reads(say('买方付了再结算', 'once the buyer has paid'), kitchen, coop);
      await sound('not-enough');
      await todo('canteen', '订单等您付款', 'An order waits for your transfer');
      const lacks = (await market.ask('canteen', 'GET', order)).invoice.lacks_fen;
      const made = '¥' + (lacks / 100).toFixed(2);
      expect(lacks, 'what was accepted and the haulage, less what was paid').toBe(5_379_00 + 567_11 - 5_500_00);
      await reads(made, '¥5,379.00', '¥567.11', say('运费从付来的钱里出了', 'Haulage was paid out of what was paid in'));
      await sound('to-make-up');
      await market.ask('finance', 'POST', '/bank-lines', { lines: [{ client_id: 'the-rest', reference, amount: lacks / 100 + '元', paid_at: '2020-02-02T08:30:00+08:00', payer: kitchen }] });
      await as('finance');
      await visit(page, '/finance/to-settle');
      await expect(main.locator('li.card')).toHaveCount(1);
      await expect(main.locator('li.card')).not.toContainText(made);
      await expect(main.locator('li.card')).toContainText('¥5,379.00');
      await main.locator('li.card').getByRole('link').click();
      expect(await sure('结算', 'Settle'), 'the sum that is divided, not the order’s').toContain('¥5,379.00');
      await reads('¥5,379.00');
      await sound('settled-finance');
      for (const who of ['liulin', 'canteen']) {
        await as(who);
        await visit(page, order);
        await reads('¥5,379.00');
        await expect(page.getByRole('heading', { name: say('银行转账', 'Pay by bank transfer') }), 'nobody is asked again').toHaveCount(0);
        await sound('settled-' + who);
      }

      // The cooperative says where its money goes; two people approve it, and the bank's number proves it.
      await as('liulin');
      await visit(page, '/');
      await expect(page.locator('.todo li').filter({ hasText: say('货款分好了', 'Your money was settled') })).toContainText(/978\skg.*¥5,183\.40/s);
      await todo('liulin', '货款分好了', 'Your money was settled');
      await reads('¥5,183.40');
      await visit(page, '/income');
      await reads(say('货款', 'For the goods'), '5,379.00', '5,183.40', '195.60'); // 0.10 yuan of each jin are the households'
      await sound('income');
      await main.getByRole('link', { name: say('打款和收款账户', 'Payments to us, and our bank account') }).click();
      await page.locator('[name=holder]').fill(coop);
      await page.locator('[name=bank]').fill('凤翔农商行(演示)');
      await page.locator('[name=number]').fill('6222000012345678');
      await press('保存', 'Keep');
      await expect(main).toContainText('5678');
      await expect(page.locator('[name=number]'), 'it is not asked for again').toBeHidden();
      await expect(page.getByRole('navigation').locator('[aria-current]')).toHaveText(say('到手的钱', 'Money in'));
      await sound('account');
      await as('finance');
      await visit(page, '/finance/payouts');
      const owed = (await market.ask('finance', 'GET', '/debts')).find((d: any) => d.name === coop).fen;
      const sum = (owed / 100).toLocaleString('en', { minimumFractionDigits: 2 });
      expect(owed, 'its part, and what the carrier answers for: 10 kg at 5.50').toBe(5_183_40 + 55_00);
      await expect(main.getByRole('row').filter({ hasText: coop })).toContainText('¥' + sum);
      await sound('debts');
      await press('列一批打款', 'Make a run');
      await expect(page).toHaveURL(/payouts\/\w+$/);
      const run = new URL(page.url()).pathname;
      await sound('run');
      await expect(main.getByRole('button', { name: say('批准', 'Approve'), exact: true })).toHaveClass(/main/);
      await expect(main.getByRole('button', { name: say('不批', 'Refuse'), exact: true }), 'saying no is the second act').not.toHaveClass(/main/);
      expect(await sure('批准', 'Approve')).toContain(sum);
      await reads(say('批了一次', 'approved once'));
      await sound('approved-once');
      await reads(say('还要另一个人批准', 'another person has to'));
      await expect(main.getByRole('button', { name: say('批准', 'Approve'), exact: true }), 'nobody approves twice').toHaveCount(0);
      await as('finance2');
      await visit(page, run);
      await sure('批准', 'Approve');
      await reads(say('打款在途', 'on its way'));
      await sound('in-transit');
      await page.getByLabel(say('银行流水号', 'Bank number')).fill('B-2020-0204-1');
      await page.locator('[name=paid_at]').fill('2020-02-04T08:55');
      await press('银行已付', 'The bank has paid');
      await reads('B-2020-0204-1');
      await expect(page.locator('.tag').last()).toHaveText(say('已付', 'paid'));
      await sound('proved');
      await as('liulin');
      await visit(page, '/payouts');
      await expect(main.getByRole('listitem').filter({ hasText: '¥' + sum })).toContainText(say('已付', 'paid'));
      await sound('payout-seller');
      void info;
    });
  });
}

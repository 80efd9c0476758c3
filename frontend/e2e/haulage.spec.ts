// A carrier drives for nothing: it gives its haulage, the public page says who gave it and what it is worth, and nobody is paid for it.
import { expectSound, visit, watch } from './look';
import { expect, test } from './market';

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);
  test.describe(lang, () => {
    test.use({ moment: 'delivered', lang });

    test(`its carrier gives the haulage of a trip, once it is sure (${lang})`, async ({ page, as, market }) => {
      const errors = watch(page);
      const trips = await market.ask('haulier', 'GET', '/trips');
      const haulage = (id: string) => market.ask('haulier', 'GET', `/trips/${id}/haulage`);
      const parts = await Promise.all(trips.map((x: any) => haulage(x.id)));
      const at = parts.findIndex((h) => h.gives && h.shares.some((s: any) => s.campaign));
      const { id } = trips[at];
      const { fen, shares } = parts[at];
      const worth = (fen / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',');
      expect(shares.reduce((n: number, s: any) => n + s.fen, 0)).toBe(fen);
      const given = shares.find((s: any) => s.campaign);

      await as('driver1');
      await visit(page, `/trips/${id}/haulage`);
      await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);

      await as('haulier');
      await visit(page, '/trips/' + id);
      await page.getByRole('main').getByRole('link', { name: say('运费', 'Haulage'), exact: true }).click();
      await expect(page.getByRole('row', { name: say('合计', 'Total') })).toContainText(worth);
      await expectSound(page, errors);
      const give = page.getByRole('button', { name: say('捐出运费', 'Give the haulage') });
      const asked: string[] = [];
      page.once('dialog', (d) => (asked.push(d.message()), d.dismiss()));
      await give.click();
      await expect.poll(() => asked.length).toBe(1);
      expect(asked[0]).toContain('¥' + worth);
      expect(asked[0]).toContain(say('不能收回', "can't be taken back"));
      expect((await haulage(id)).carriers[0].given).toBe(false);
      page.once('dialog', (d) => d.accept());
      await give.click();
      await expect(page.getByText(say('已捐出', 'Given'), { exact: true })).toBeVisible();
      await expect(give).toHaveCount(0);
      await expectSound(page, errors);

      const fund = async () => (await market.ask('donor', 'GET', '/campaigns/' + given.campaign)).fund_fen;
      const before = await fund();
      await as('dispatcher');
      await visit(page, `/trips/${id}/haulage`);
      page.once('dialog', (d) => (asked.push(d.message()), d.accept()));
      await page.getByRole('button', { name: say('结算这趟车', 'Settle the trip') }).click();
      await expect(page.getByText(say('已捐出', 'Given'), { exact: true })).toBeVisible();
      await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
      expect(asked[1]).toContain('¥0');
      expect(await fund()).toBe(before);

      await visit(page, '/gifts/' + given.campaign);
      await expect(page.getByText(new RegExp(given.carrier_name.replace(/[()]/g, '.') + say('捐出运费，值 ¥', ' gave the haulage, worth ¥')))).toBeVisible();
      expect((await market.ask('donor', 'GET', '/gifts/' + given.campaign)).haulage_given_fen).toBe(given.fen);
      await expectSound(page, errors);
    });
  });
}

test.describe('before loading', () => {
  for (const [lang, title, text] of [['zh-CN', '电子运单', '装车过磅以后才有运单'], ['en', 'Waybill', 'There is a waybill once the truck is loaded and weighed']] as const) {
    test.describe(lang, () => {
      test.use({ moment: 'planned', lang });

      test(`the page of the waybill says from when on there is one (${lang})`, async ({ page, as, market }) => {
        const errors = watch(page);
        const [trip] = await market.ask('driver1', 'GET', '/trips');
        await as('driver1');
        await visit(page, `/trips/${trip.id}/waybill`);
        const main = page.getByRole('main');
        await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
        await expect(main.getByText(text)).toBeVisible();
        await expect(main.getByRole('button')).toHaveCount(0);
        await expect(page.getByRole('alert')).toHaveCount(0);
        await expect(main.getByRole('link')).toHaveCount(1);
        await expectSound(page, errors);
        await main.getByRole('link').click();
        await expect(page).toHaveURL(market.url + '/trips/' + trip.id);
      });
    });
  }
});

test.describe('without a session and without a code', () => {
  for (const [lang, title, text, sign] of [['zh-CN', '电子运单', '扫纸质运单上的二维码就能核对', '登录'], ['en', 'Waybill', 'the QR code on the printed waybill', 'Sign in']] as const) {
    test.describe(lang, () => {
      test.use({ moment: 'underway', lang });

      test(`the page of a waybill says what it is, and how an inspector reads it (${lang})`, async ({ page, market }) => {
        const errors = watch(page);
        const [trip] = await market.ask('driver2', 'GET', '/trips');
        await visit(page, `/trips/${trip.id}/waybill`);
        const main = page.getByRole('main');
        await expect(main.getByRole('heading', { level: 1 })).toHaveText(title);
        await expect(main.getByText(text)).toBeVisible();
        await expect(page.getByRole('alert'), 'nothing went wrong').toHaveCount(0);
        await expectSound(page, errors);
        await main.getByRole('link', { name: sign }).click();
        await expect(page).toHaveURL(/sign-in/);
      });
    });
  }
});

test.describe('at a checkpoint', () => {
  for (const lang of ['zh-CN', 'en'] as const) {
    const say = (zh: string, en: string) => (lang === 'en' ? en : zh);
    test.describe(lang, () => {
      test.use({ moment: 'underway', lang });

      test(`whoever scans a printed waybill reads whether it agrees with the record, without signing in (${lang})`, async ({ page, as, market }) => {
        const errors = watch(page);
        const trip = (await market.ask('dispatcher', 'GET', '/trips')).find((x: any) => x.outline.plate.endsWith('A1002'));
        const link = async (segment: number) => (await market.ask('dispatcher', 'GET', `/trips/${trip.id}/papers`)).qr[segment];
        const paper = await link(0);
        expect(paper.startsWith(`${market.url}/trips/${trip.id}/waybill#`)).toBe(true);
        const main = page.getByRole('main');
        const row = (name: string) => main.getByRole('row', { name });

        await visit(page, paper);
        await expect(main.getByText(say('纸上的内容和登记的一致。', 'What the paper says agrees with the record.'))).toBeVisible();
        await expect(row(say('车牌', 'Plate'))).toContainText(say('陕C·A1002，一致', '陕C·A1002, agrees'));
        await expect(main.getByRole('row')).toHaveCount(9);
        await expect(page.getByRole('alert')).toHaveCount(0);
        await expect(main).not.toContainText('¥'); // the freight is for those who have a part in the trip
        await expectSound(page, errors);

        const station = (await market.ask('dispatcher', 'GET', '/trips/' + trip.id)).stations[0];
        await market.ask('dispatcher', 'POST', `/trips/${trip.id}/hand-over`, { station: station.name, driver: '赵师傅', licence: '420116198501010013', vehicle: '鄂A·H0001', plate_colour: 'yellow', signature: 'photo-1' });
        await page.reload();
        await expect(main.getByText(say('打印以后登记有变', 'The record has changed since'))).toBeVisible();
        await expect(row(say('车牌', 'Plate'))).toContainText(say('纸上 陕C·A1002，登记 鄂A·H0001', 'paper 陕C·A1002, record 鄂A·H0001'));
        await expect(row(say('司机', 'Driver'))).toContainText(say('和登记的不同', 'differs from the record'));
        await expect(main).not.toContainText('赵师傅');
        await expectSound(page, errors);

        // The next paper is scanned in the same window.
        const renewed = await link(1);
        await page.evaluate((to) => location.assign(to), renewed);
        await expect(main.getByText(say('纸上的内容和登记的一致。', 'What the paper says agrees with the record.'))).toBeVisible();
        await page.evaluate((to) => location.assign(to), renewed.replace('H0001', 'H0002'));
        await expect(main.getByText(say('不能当运单用', 'it is no waybill'))).toBeVisible();
        await expect(main.getByRole('row')).toHaveCount(0);
        await expectSound(page, errors);

        await as('dispatcher');
        await visit(page, renewed);
        await page.reload();
        await expect(main.getByText('赵师傅')).toBeVisible();
        await expect(main.getByRole('heading', { name: say('核对纸质运单', 'A printed waybill, checked') })).toBeVisible();
        await page.emulateMedia({ media: 'print' });
        await expect(main.getByRole('heading', { name: say('核对纸质运单', 'A printed waybill, checked') })).toBeHidden();
      });
    });
  }
});

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

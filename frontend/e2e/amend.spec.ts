// What may be done with an order on its way besides yes and no: the buyer adds to it and says where it goes, a receiver refuses its
// part, an operator stops the rest.
import { expectSound, open, visit, watch } from './look';
import { expect, partyOf, test, type Page } from './market';

const fold = (page: Page, name: string) => page.locator('details', { has: page.locator('summary', { hasText: name }) });

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);

  test.describe(lang, () => {
    test.use({ lang });

    test.describe('before any truck', () => {
      test.use({ moment: 'listed' });

      test(`a buyer adds to its order and says where it goes, the receiver refuses it (${lang}) @phone`, async ({ page, as, market }) => {
        const errors = watch(page);
        const seller = await partyOf(market, 'liulin', 'coop');
        const offer = (await market.ask('firm', 'GET', '/offers')).find((o: any) => o.seller === seller && o.state === 'live');
        const order = await market.ask('firm', 'POST', '/orders', { buyer: await partyOf(market, 'firm'), lines: [{ offer: offer.id, version: offer.version, weight: '500 kg' }] });
        const now = () => market.ask('firm', 'GET', '/orders/' + order.id);
        await as('firm');
        await visit(page, '/orders/' + order.id);
        const add = fold(page, say('加货', 'Add goods'));
        await add.locator('summary').click();
        await expect(add).toContainText(say('48 小时重新算', '48 hours begin anew'));
        await add.locator('[name=offer]').selectOption(offer.id);
        await add.locator('[name=weight]').fill('99999999');
        await add.getByRole('button', { name: say('加货', 'Add goods') }).click();
        await expect(add.locator('[name=weight]'), 'the bad field').toBeFocused();
        await add.locator('[name=weight]').fill('200');
        await expectSound(page, errors);
        await add.getByRole('button', { name: say('加货', 'Add goods') }).click();
        await expect(page.locator('strong', { hasText: '200 kg' })).toBeVisible();
        expect((await now()).lines.map((l: any) => l.grams)).toEqual([500_000, 200_000]);

        await market.ask('liulin', 'POST', `/orders/${order.id}/confirm`);
        await visit(page, '/orders/' + order.id);
        await expect(add, 'an answered order').toHaveCount(0);
        const assign = fold(page, say('定去处', 'Say where it goes'));
        await assign.locator('summary').click();
        await expect(assign).toContainText('700 kg');
        const union = await partyOf(market, 'union', 'receiver');
        const need = (await market.ask('firm', 'GET', '/demands')).find((d: any) => d.party === union && d.produce === offer.produce);
        await assign.locator('[name=demand]').selectOption(need.id);
        await assign.locator('[name=weight]').fill('300');
        await expectSound(page, errors);
        await assign.getByRole('button', { name: say('定去处', 'Say where it goes') }).click();
        await expect(page.getByText(say('部分分配', 'Part allocated')).first()).toBeVisible();
        await expect(assign).toContainText('400 kg');
        expect((await now()).numbers).toMatchObject({ reserved_grams: 400_000, allocated_grams: 300_000 });

        await as('union');
        await visit(page, '/orders/' + order.id);
        const name = say('不要还没排车的货', 'Refuse what is on no truck');
        const refuse = fold(page, name);
        await refuse.locator('summary').click();
        await expect(refuse).toContainText(say('不收费', 'costs nothing'));
        await refuse.getByLabel(say('原因', 'Reason')).fill('冷库满了');
        await expectSound(page, errors);
        await refuse.getByRole('button', { name }).click();
        await expect(refuse).toHaveCount(0);
        expect((await now()).numbers).toMatchObject({ reserved_grams: 700_000, allocated_grams: 0 });
      });
    });

    test.describe('on the road', () => {
      test.use({ moment: 'underway' });

      test(`an operator stops the rest of an order, and all see that it was (${lang}) @phone`, async ({ page, as, market }) => {
        const errors = watch(page);
        const seller = await partyOf(market, 'liulin', 'coop');
        const order = (await market.ask('operator', 'GET', '/orders')).find((o: any) => o.state === 'in_fulfilment' && o.seller === seller);
        const name = say('停止剩下的货', 'Stop the rest');
        await as('liulin');
        await visit(page, '/orders/' + order.id);
        await open(page);
        await expect(fold(page, name), 'not for others').toHaveCount(0);
        await as('operator');
        await visit(page, '/orders/' + order.id);
        await fold(page, name).locator('summary').click();
        await expect(fold(page, name)).toContainText(say('停了不能恢复', "can't be undone"));
        await fold(page, name).getByLabel(say('原因', 'Reason')).fill('路断了');
        await expectSound(page, errors);
        page.once('dialog', (d) => d.accept());
        await fold(page, name).getByRole('button', { name }).click();
        await expect(page.getByText(say('剩下的货在 2月4日', 'The rest was stopped on 4 Feb'))).toBeVisible();
        await expect(fold(page, name)).toHaveCount(0);
        expect((await market.ask('operator', 'GET', '/orders/' + order.id)).stopped_at).toBeTruthy();
        await expectSound(page, errors);
      });
    });
  });
}

// Needs that nobody spoke of for long stand in one list: an operator calls their hospitals, and a hospital answers for its own.
import { expectSound, visit, watch } from './look';
import { expect, test, type Market } from './market';

const late = '2020-02-20T09:00:00+08:00'; // eighteen days after the needs were called back

const stateOf = async (market: Market, id: string) => (await market.ask('union', 'GET', '/demands/' + id)).state;

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);
  test.describe(lang, () => {
    test.use({ moment: 'listed', lang });
    test.beforeEach(({ context }) => context.setExtraHTTPHeaders({ 'X-Jishi-Clock': late }));

    test(`an operator is led to the list and calls the longest silent first (${lang}) @phone`, async ({ page, as, market }) => {
      const errors = watch(page);
      const needs = (await market.ask('union', 'GET', '/demands?open=true')).sort((a: any, b: any) => a.confirmed_at.localeCompare(b.confirmed_at) || a.id.localeCompare(b.id));
      await as('operator');
      await visit(page, '/');
      const todo = page.locator('.todo li').filter({ hasText: say('需求太久没确认', 'A need was not confirmed for long') });
      await expect(todo).toContainText(say(`还有 ${needs.length - 1} 个`, `and ${needs.length - 1} more`));
      await todo.getByRole('link').click();
      await expect(page).toHaveURL(/\/demands\/to-confirm$/);
      const cards = page.locator('main li.card');
      await expect(cards.locator('h2 a')).toHaveCount(needs.length);
      const order = await cards.locator('h2 a').evaluateAll((all) => all.map((a) => a.getAttribute('href')!.slice('/demands/'.length)));
      expect(order).toEqual(needs.map((n: any) => n.id));
      const first = cards.first();
      await expect(first).toContainText(needs[0].party_name);
      await expect(first).toContainText(say('已过时', 'Out of date since'));
      await expect(first.getByRole('button', { name: say('还需要', 'Still needed') })).toHaveCount(0);
      await expectSound(page, errors);
      await first.getByLabel(say('怎么核实的', 'How it was checked')).fill('打总机回拨');
      await first.getByRole('button', { name: say('已核实', 'Verified') }).click();
      await expect(cards.locator('h2 a')).toHaveCount(needs.length - 1);
      expect((await market.ask('union', 'GET', '/demands/' + needs[0].id)).verified_at).toContain('2020-02-20');
    });

    test(`a hospital finds its own by way of the needs, and says what stands (${lang}) @phone`, async ({ page, as, market }) => {
      const errors = watch(page);
      await as('union');
      await visit(page, '/demands');
      await page.getByRole('main').getByRole('link', { name: say('等再确认的', 'To confirm again') }).click();
      const cards = page.locator('main li.card').filter({ has: page.getByRole('heading') });
      await expect(cards.filter({ hasText: '协和' }).first()).toBeVisible();
      await expect(cards.filter({ hasText: '中南' })).toHaveCount(0);
      await expectSound(page, errors);
      const all = await cards.count();
      const id = (n: number) => cards.nth(n).locator('h2 a').getAttribute('href').then((h) => h!.slice('/demands/'.length));
      const stands = await id(0);
      await cards.first().getByRole('button', { name: say('还需要', 'Still needed') }).click();
      await expect(cards).toHaveCount(all - 1);
      expect((await market.ask('union', 'GET', '/demands/' + stands)).confirmed_at).toContain('2020-02-20');
      const over = await id(0);
      page.once('dialog', (d) => d.accept());
      await cards.first().getByRole('button', { name: say('取消需求', 'Cancel the need') }).click();
      await expect(page.locator(`a[href="/demands/${over}"]`)).toHaveCount(0);
      expect(await stateOf(market, over)).toBe('cancelled');
    });

    test(`a dispatcher may look, a seller has nothing there (${lang})`, async ({ page, as }) => {
      await as('dispatcher');
      await visit(page, '/');
      await page.getByRole('navigation').getByRole('link', { name: say('需求', 'Needs') }).click();
      await page.getByRole('main').getByRole('link', { name: say('等再确认的', 'To confirm again') }).click();
      await expect(page.locator('main li.card h2').first()).toBeVisible();
      await expect(page.locator('main .card button')).toHaveCount(0);
      await as('liulin');
      await visit(page, '/demands/to-confirm');
      await expect(page.getByText(say('没有等再确认的需求。', 'No need waits to be confirmed.'))).toBeVisible();
    });
  });
}

// A buyer's limits and chain of approval: an operator sets the first, its people see them, the last of the chain changes them.
import { expectSound, open, visit, watch } from './look';
import { expect, grantOf, test } from './market';

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);

  test.describe(lang, () => {
    test.use({ moment: 'listed', lang });

    test(`limits and chain are set, seen, and changed by the last of the chain alone (${lang}) ${lang === 'en' ? '@desk' : '@phone'}`, async ({ page, as, market }) => {
      const errors = watch(page);
      const canteen = await grantOf(market, 'canteen');
      const policy = () => market.ask('canteen', 'GET', `/parties/${canteen.party}/policy`);
      const save = () => page.getByRole('button', { name: say('保存限额和审批', 'Save limits and chain') }).click();
      const change = page.locator('summary', { hasText: say('修改', 'Change') });
      await as('operator');
      await visit(page, '/account');
      await page.getByRole('link', { name: say('下单限额和审批', 'Limits of orders and approval') }).click();
      await page.getByRole('combobox', { name: say('买方', 'Buyer'), exact: true }).selectOption({ label: canteen.party_name });
      await expect(page.getByText(say('没有限额', 'No limits'))).toBeVisible();
      await change.click();
      await page.getByRole('button', { name: say('加一个人', 'Add somebody') }).click();
      await page.locator('[name="limits[0].login"]').fill('nobody');
      await page.locator('[name="limits[0].per_order"]').fill('2,000');
      for (const [i, login] of ['kitchenhead', 'canteenboss'].entries()) {
        await page.getByRole('button', { name: say('加一位批准人', 'Add an approver') }).click();
        await page.locator(`[name="approvers[${i}].login"]`).fill(login);
      }
      await page.locator('[name="approvers[0].up_to"]').fill('20000');
      await expectSound(page, errors);
      await save();
      await expect(page.locator('[name="limits[0].login"]'), 'the bad field').toBeFocused();
      await expect(page.locator('[name="approvers[1].login"]'), 'what was typed').toHaveValue('canteenboss');
      await page.locator('[name="limits[0].login"]').fill('canteen');
      await save();
      await expect(page.getByRole('cell', { name: '¥2,000.00' })).toBeVisible();
      expect(await policy()).toMatchObject({ limits: [{ per_order_fen: 200_000 }], approvers: [{ up_to_fen: 2_000_000 }, {}] });

      await as('canteen');
      await visit(page, '/limits');
      await expect(page.getByRole('listitem').filter({ hasText: '¥20,000.00' })).toBeVisible();
      await expect(change, 'who is not the last of the chain').toHaveCount(0);
      await expectSound(page, errors);

      await as('canteenboss');
      await visit(page, '/limits');
      await open(page);
      await page.locator('[name="limits[0].per_order"]').fill('3000.50');
      await page.locator('[name="limits[0].per_month"]').fill('30000');
      const [head] = (await policy()).approvers;
      await page.getByRole('button', { name: say('去掉' + head.name, 'Leave out ' + head.name) }).click();
      await expectSound(page, errors);
      await save();
      await expect(page.getByRole('cell', { name: '¥3,000.50' })).toBeVisible();
      const set = await policy();
      expect(set.limits).toMatchObject([{ per_order_fen: 300_050, per_month_fen: 3_000_000 }]);
      expect(set.approvers).toHaveLength(1);
      expect(set.approvers[0].up_to_fen ?? 0).toBe(0);
    });
  });
}

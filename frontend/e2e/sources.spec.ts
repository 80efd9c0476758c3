// Where rules and figures are from: who says it is read at once, the rest by those who unfold it.
import { expectSound, open, visit, watch } from './look';
import { expect, first, pathOf, test } from './market';

test.use({ moment: 'listed' });

const offer = first('firm', '/offers', (o) => '/offers/' + o.id, (o) => o.produce_name.includes('苹果'));

for (const [lang, word, says] of [['zh-CN', '来源', '保存期'], ['en', 'Source', 'life']] as const) {
  test.describe(lang, () => {
    test.use({ lang });
    test('a long source is one line until somebody unfolds it, with the keyboard too @phone', async ({ page, as, market }) => {
      const errors = watch(page);
      await as('firm');
      await visit(page, await pathOf(offer, market));
      const folded = page.locator('details.source').first();
      const summary = folded.locator('summary');
      await expect(summary).toHaveText(word);
      const rest = folded.getByText('cargohandbook');
      await expect(rest).toBeHidden();
      await expect(rest).toContainText(says);
      await expectSound(page, errors);

      await summary.focus();
      await page.keyboard.press('Enter');
      await expect(rest).toBeVisible();
      // It has the width of the list to itself: beside a term it was squeezed.
      const [list, row] = [await page.locator('main dl').first().boundingBox(), await folded.boundingBox()];
      expect(Math.round(row!.width)).toBe(Math.round(list!.width));
      await open(page);
      await expectSound(page, errors);
      await page.keyboard.press('Enter');
      await expect(rest).toBeHidden();

      // On paper the whole stands there, in lines of its own and in the place of the fold.
      const whole = await rest.textContent();
      await page.emulateMedia({ media: 'print' });
      await expect(summary).toBeHidden();
      const printed = await folded.evaluate((e) => [getComputedStyle(e, '::after').content, e.getBoundingClientRect().height] as const);
      expect(printed[0]).toContain(whole!.trim());
      expect(printed[1]).toBeGreaterThan(20);
    });
  });
}

// What was said of a price is taken back by whoever said it, until the other side answers.
import { expectSound, open, visit, watch } from './look';
import { expect, partyOf, test, type Market } from './market';

/** A question of the firm to the cooperative of an offer. */
async function asked(market: Market) {
  const seller = await partyOf(market, 'liulin', 'coop');
  const offer = (await market.ask('firm', 'GET', '/offers')).find((o: any) => o.seller === seller);
  const [quotation] = await market.ask('firm', 'POST', '/quotations', { buyer: await partyOf(market, 'firm'), sellers: [seller], produce: offer.produce, weight: '300公斤' });
  return { id: quotation.id as string, offer: offer.id as string };
}

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);
  test.describe(lang, () => {
    test.use({ moment: 'listed', lang });

    test(`a buyer takes its question back, and only its own word (${lang})`, async ({ page, as, market }) => {
      const errors = watch(page);
      const [question, answered] = [await asked(market), await asked(market)];
      await market.ask('liulin', 'POST', `/quotations/${answered.id}/offer`, { offer: answered.offer, price: '0.50元/斤', weight: '300公斤' });
      const takeBack = page.getByRole('button', { name: say('收回', 'Take it back') });
      await as('firm');
      await visit(page, '/quotations/' + answered.id);
      await open(page);
      await expect(takeBack, 'the seller spoke last').toHaveCount(0);
      await expect(page.getByRole('table'), 'far below what markets pay, in the reader’s language').toContainText(say('可能伤农', 'it may hurt the growers'));
      const offer = await market.ask('firm', 'GET', '/offers/' + answered.offer);
      const terms = page.locator('dl');
      await expect(terms, 'what a yes agrees to beside the price').toContainText(say('路上损耗', 'Loss on the road'));
      await expect(terms.getByRole('term').filter({ hasText: say('提货时间', 'Pick-up') })).toHaveCount(offer.pickup.from || offer.pickup.to ? 1 : 0);
      await expectSound(page, errors);
      await visit(page, '/quotations/' + question.id);
      await open(page);
      await page.getByLabel(say('原因', 'Reason')).fill('不急了');
      await expectSound(page, errors);
      const until = page.getByText(say('前回答', 'answers by'));
      await expect(until).toBeVisible();
      await takeBack.click();
      await expect(page.locator('.tag')).toHaveText(say('已收回', 'withdrawn'));
      await expect(until, 'nobody has to answer any more').toHaveCount(0);
      expect(await market.ask('liulin', 'GET', '/quotations/' + question.id)).toMatchObject({ state: 'withdrawn', reason: '不急了' });
      await expect(takeBack, 'once').toHaveCount(0);

      await as('liulin');
      await visit(page, '/quotations/' + answered.id);
      await open(page);
      await takeBack.click();
      await expect(page.locator('.tag')).toHaveText(say('已收回', 'withdrawn'));
      await expectSound(page, errors);
      expect((await market.ask('firm', 'GET', '/quotations/' + answered.id)).state).toBe('withdrawn');
    });
  });
}

// A buyer keeps a search, a cooperative lists what it finds, the buyer hears of it: on the real server, by the pages alone
// where a person would use them.
import { expectSound, visit, watch } from './look';
import { expect, partyOf, test, type Market } from './market';

const asked = '/search?q=' + encodeURIComponent('苹果 陕西') + '&kinds=offer';

/** A cooperative lists apples at 5 yuan a kilogram. */
async function list(market: Market) {
  const party = await partyOf(market, 'liulin', 'coop');
  const lot = await market.ask('liulin', 'POST', '/lots', { party, produce: '苹果', grade: '富士75', weight: '3吨', place: { adcode: '610305' } });
  const offer = await market.ask('liulin', 'POST', '/offers', { lot: lot.id, price: '5元/公斤' });
  await market.ask('liulin', 'POST', `/offers/${offer.id}/publish`, {});
  return offer.id as string;
}

const heard = (market: Market, login: string) => async () => (await market.ask(login, 'GET', '/notices')).notices.filter((n: any) => n.kind === 'search_finds').length;

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);

  test.describe(lang, () => {
    test.use({ moment: 'listed', lang });

    test(`a search is kept, tells of what is new, and is forgotten (${lang}) ${lang === 'en' ? '@desk' : '@phone'}`, async ({ page, as, market }, info) => {
      const errors = watch(page);
      const shot = (name: string) => process.env.JISHI_SHOTS && page.screenshot({ path: `${process.env.JISHI_SHOTS}/${info.project.name}-${lang}-${name}.png`, fullPage: true });
      await as('donor');
      await visit(page, asked);
      await page.locator('summary', { hasText: say('存下这个搜索', 'Keep this search') }).click();
      await expectSound(page, errors);
      await shot('save');
      await page.getByLabel(say('给它起个名字', 'Name it')).fill('陕西苹果');
      await page.getByRole('button', { name: say('存下这个搜索', 'Keep this search') }).click();
      await expect(page.getByText(say('存好了：陕西苹果', 'Kept: 陕西苹果'))).toBeVisible();

      const offer = await list(market);
      await expect.poll(heard(market, 'donor')).toBe(1);
      await visit(page, '/');
      await page.getByRole('banner').getByRole('link', { name: say('消息', 'Notices') }).click();
      await expect(page.getByRole('banner').locator('.count')).toHaveText('1');
      await expect(page.getByText(say('存下的搜索找到新的', 'A saved search found something new'))).toBeVisible();
      await expectSound(page, errors);
      await shot('notices');
      await page.getByRole('link', { name: '苹果 富士75' }).click();
      await expect(page).toHaveURL(new RegExp('/offers/' + offer));
      await expect(page.getByRole('banner').locator('.count')).toHaveCount(0);

      await visit(page, '/notices?unread=true');
      await expect(page.getByText(say('都看过了', 'All read'))).toBeVisible();
      await page.getByRole('main').getByRole('link', { name: say('存下的搜索', 'Saved searches') }).click();
      await page.locator('summary', { hasText: say('改名', 'Rename') }).click();
      await page.getByLabel(say('给它起个名字', 'Name it')).fill('凤翔苹果');
      await page.getByRole('button', { name: say('改名', 'Rename') }).click();
      await expect(page.getByRole('heading', { name: '凤翔苹果' })).toBeVisible();
      await expectSound(page, errors);
      await shot('searches');
      await page.getByRole('button', { name: say('不用再告诉我', 'Stop telling me') }).click();
      await expect(page.getByText(say('不提醒', 'No alert'))).toBeVisible();
      await page.getByRole('link', { name: '凤翔苹果' }).click();
      await expect(page.getByRole('link', { name: '苹果 富士75' })).toBeVisible();

      await page.goBack();
      page.once('dialog', (dialog) => dialog.accept());
      await page.getByRole('button', { name: say('删掉', 'Delete') }).click();
      await expect(page.getByText(say('还没有存下的搜索', 'You keep no searches yet'))).toBeVisible();
      expect(await market.ask('donor', 'GET', '/saved-searches')).toEqual([]);
    });
  });
}

test.describe('both sides of a match', () => {
  test.use({ moment: 'listed' });

  test('hear of it; one notice and then all are marked as read, in dark and in large writing @phone', async ({ page, as, market }) => {
    const errors = watch(page);
    await list(market);
    await list(market);
    const unread = 4; // two of the story's offers and these two: one that came later would change the number under the test
    await expect.poll(async () => (await market.ask('union', 'GET', '/notices?unread=true')).unread).toBe(unread);
    await as('union');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.addInitScript(() => localStorage.setItem('elder', '1'));
    await visit(page, '/notices');
    await expect(page.getByText('有货合您的需求').first()).toBeVisible();
    await expect(page.getByText('到门价').first()).toBeVisible();
    await expectSound(page, errors);
    await page.getByRole('button', { name: '标为已读' }).nth(1).click();
    await expect(page.locator('.count')).toHaveText(String(unread - 1));
    await page.getByRole('button', { name: '全部标为已读' }).click();
    await expect(page.locator('.count')).toHaveCount(0);
    expect((await market.ask('union', 'GET', '/notices?unread=true')).unread).toBe(0);
    expect((await market.ask('liulin', 'GET', '/notices?unread=true')).unread, 'what others read stays theirs').toBeGreaterThan(0);
  });

  test('is nobody else’s business: who is not signed in is asked to @phone', async ({ page, market }) => {
    const errors = watch(page);
    await list(market);
    for (const path of ['/notices', '/searches']) {
      await visit(page, path);
      await expect(page.getByRole('main').getByRole('link', { name: '登录' })).toBeVisible();
      await expectSound(page, errors);
    }
    await expect(page.locator('.bell')).toHaveCount(0);
  });
});

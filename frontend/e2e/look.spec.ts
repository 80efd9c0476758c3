// The look at a page can fail: each fault is put into a page that has none, and seen to be found.
import { expectSound, visit } from './look';
import { expect, first, pathOf, test, type Page } from './market';

/** A fault, its page's language, and what the look says of it. */
const faults: [name: string, lang: 'zh-CN' | 'en', put: (page: Page) => Promise<unknown>, said: RegExp][] = [
  ['a dot that stands at the first of two things', 'zh-CN', (page) => page.locator('main p').first().evaluate((p) => (p.textContent = '苹果· 富士')), /stands at the first of them/],
  ['an arrow that stands at the first of two things', 'en', (page) => page.locator('main p').first().evaluate((p) => (p.textContent = 'Fengxiang→ Wuhan')), /stands at the first of them/],
  ['a Chinese comma on an English page', 'en', (page) => page.locator('main p').first().evaluate((p) => (p.textContent = '甲、乙')), /a Chinese comma/],
  ['an English sentence on a Chinese page', 'zh-CN', (page) => page.locator('main p').first().evaluate((p) => (p.textContent = 'nothing was lost on the road')), /English sentences/],
  ['words of a picture that run out at its right', 'zh-CN', (page) => page.locator('svg.chart text').first().evaluate((x) => x.setAttribute('x', '9999')), /cut off at its edge/],
  ['words of a picture that run out at its left', 'zh-CN', (page) => page.locator('svg.chart text').first().evaluate((x) => x.setAttribute('x', '-40')), /cut off at its edge/],
  ['words of a picture that run out at its top', 'zh-CN', (page) => page.locator('svg.chart text').first().evaluate((x) => x.setAttribute('y', '-40')), /cut off at its edge/],
  ['a page wider than the screen', 'zh-CN', (page) => page.locator('main p').first().evaluate((p) => (p.style.width = '200vw')), /wider than the screen/],
  ['text squeezed into a column', 'zh-CN', (page) => page.locator('main dd').first().evaluate((d) => ((d.textContent = '凤翔柳林合作社'), (d.style.width = '1em'))), /squeezed into a column/],
  ['a small target', 'zh-CN', (page) => page.locator('main .button, main button').first().evaluate((b) => ((b.style.minHeight = '0'), (b.style.height = '30px'))), /targets below 48 px/],
];

for (const [name, lang, put, said] of faults) {
  test.describe(lang, () => {
    test.use({ moment: 'told', lang });
    test(`${name} is found @phone`, async ({ page, market }) => {
      await visit(page, await pathOf(first('donor', '/campaigns', (c) => '/gifts/' + c.id), market));
      await page.locator('svg.chart text').first().waitFor();
      await expectSound(page, []);
      await put(page);
      await expect(expectSound(page, [])).rejects.toThrow(said);
    });
  });
}

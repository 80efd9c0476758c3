// What every page must hold to: no script errors, no WCAG 2.2 AA violation, nothing wider than the screen, targets of 44 px and more.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';

// Evaluated, not put into the page: the page's own policy allows no script but its own.
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Notes errors of the page from now on. */
export function watch(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(String(e)));
  page.on('console', (m) => m.type() === 'error' && !/Failed to load resource/.test(m.text()) && errors.push(m.text()));
  return errors;
}

/** Loads a page and waits until it shows itself whole. */
export async function visit(page: Page, path: string) {
  await page.goto(path);
  await page.locator('main h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
}

/** Unfolds everything that is folded. */
export async function open(page: Page) {
  await page.evaluate(() => document.querySelectorAll('main details').forEach((d) => ((d as HTMLDetailsElement).open = true)));
}

export async function expectSound(page: Page, errors: string[]) {
  // Sources are quoted as they are written, and say in which language that is.
  const english = await page.evaluate(() => {
    const found: string[] = [];
    const texts = document.createTreeWalker(document.querySelector('main')!, NodeFilter.SHOW_TEXT);
    while (document.documentElement.lang === 'zh-CN' && texts.nextNode()) {
      const { data, parentElement } = texts.currentNode as Text;
      if (/\b[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(data) && !parentElement!.closest('[lang=en]')) found.push(data.trim());
    }
    return found;
  });
  expect(english, 'English sentences on a Chinese page').toEqual([]);
  const glued = await page.evaluate(() => document.querySelector<HTMLElement>('main')!.innerText.match(/\S*\S[·→←] .{0,20}/g) ?? []);
  expect(glued, 'a sign between two things that stands at the first of them').toEqual([]);
  const chinese = await page.evaluate(() => (document.documentElement.lang === 'en' ? (document.querySelector<HTMLElement>('main')!.innerText.match(/.{0,20}、.{0,20}/g) ?? []) : []));
  expect(chinese, 'a Chinese comma between things on an English page').toEqual([]);
  await page.evaluate(axeSource);
  // A bar that sticks to the lower edge covers what scrolls beneath it; the target's size is meant at a place of its own.
  await page.evaluate(() => document.querySelectorAll<HTMLElement>('.foot').forEach((bar) => (bar.style.position = 'static')));
  const found = await page.evaluate(async () => {
    const axe = (window as any).axe;
    const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return result.violations.map((v: any) => `${v.id}: ${v.nodes.map((n: any) => n.html.slice(0, 140)).join(' | ')}`);
  });
  expect(found).toEqual([]);
  const cut = await page.evaluate(() => [...document.querySelectorAll<SVGTextElement>('main svg.chart text')].filter((x) => {
    const [own, all] = [x.getBoundingClientRect(), x.ownerSVGElement!.getBoundingClientRect()];
    return own.width && (own.left < all.left - 1 || own.right > all.right + 1 || own.top < all.top - 1);
  }).map((x) => x.textContent));
  expect(cut, 'words of a picture that are cut off at its edge').toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, 'the page is wider than the screen').toBeLessThanOrEqual(0);
  expect(await page.evaluate(thin), 'text squeezed into a column of one or two signs').toEqual([]);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main button, main .button, main summary, main select, main input:not([type=checkbox]):not([type=radio])')]
      .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 47)
      .map((e) => e.outerHTML.slice(0, 120)),
  );
  expect(small, 'targets below 48 px').toEqual([]);
  expect(errors, 'errors of the page').toEqual([]);
}

/** Cells and terms whose text runs downwards: three lines and more with fewer than three signs in each. */
function thin(): string[] {
  if (parseFloat(getComputedStyle(document.documentElement).fontSize) > 24) return []; // so large that a phone holds few signs anyway
  return [...document.querySelectorAll<HTMLElement>('main td, main th, main dt, main dd')].filter((e) => {
    const text = document.createRange();
    text.selectNodeContents(e);
    // What is folded away has a place too, as if it were unfolded; it is no line that anybody sees.
    const folded = [...e.querySelectorAll('details:not([open])')].flatMap((d) => {
      const inside = document.createRange();
      inside.setStartAfter(d.querySelector('summary')!);
      inside.setEnd(d, d.childNodes.length);
      return [...inside.getClientRects()].map((r) => r.bottom);
    });
    const lines = new Set([...text.getClientRects()].filter((r) => r.width > 1 && !folded.includes(r.bottom)).map((r) => Math.round(r.bottom / 8))).size;
    return lines >= 3 && e.innerText.replace(/\s/g, '').length < lines * 3;
  }).map((e) => e.outerHTML.replace(/<!--.*?-->/g, '').slice(0, 120));
}

/** Takes the first answers out of every page that is opened, so that it asks all of them and a test can answer in the server's place. */
export const asksItself = (page: Page) => page.route((url) => !/^[/](api|assets)[/]/.test(url.pathname), async (route) => {
  if (route.request().resourceType() !== 'document') return route.fallback();
  const answer = await route.fetch();
  await route.fulfill({ response: answer, body: (await answer.text()).replace(/<script type="application.json" id="first">.*?<.script>/s, '') });
});

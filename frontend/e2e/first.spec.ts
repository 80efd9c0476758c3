// On a slow network each question costs half a second: what a page asks first comes with it, and nobody keeps that page.
import type { Request } from '@playwright/test';
import { expect, test, type Page } from './market';
import { visit } from './look';

/** The questions that a page puts to the server while it opens; what follows from an answer can't come with the page. */
async function questions(page: Page, path: string): Promise<string[]> {
  const asked: string[] = [];
  const note = (request: Request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith('/api/') && !pathname.startsWith('/api/photos/')) asked.push(pathname + search);
  };
  page.on('request', note);
  await visit(page, path);
  page.off('request', note);
  return asked;
}

const pages: Record<string, string[]> = {
  '': ['/', '/search?q=%E8%8B%B9%E6%9E%9C', '/demands', '/gifts', '/audit', '/sign-in'],
  liulin: ['/', '/lots', '/lots/new', '/orders', '/income', '/notices'],
  union: ['/demands/mine', '/orders'],
  haulier: ['/vehicles'],
  driver1: ['/trips'],
  dispatcher: ['/dispatch'],
};

for (const [who, paths] of Object.entries(pages)) {
  test(`${who || 'a visitor'} opens pages that need not ask @phone`, async ({ page, as }) => {
    if (who) await as(who);
    for (const path of paths) {
      // What produce is called is kept on the device; its list is asked once.
      expect((await questions(page, path)).filter((url) => !url.startsWith('/api/produce?')), path).toEqual([]);
    }
  });
}

test('an answer that came with the page serves once: back on it, the server is asked @phone', async ({ page, as }) => {
  await as('liulin');
  await visit(page, '/orders');
  await page.getByRole('link', { name: '集市 Jishi' }).click();
  await expect(page.getByRole('heading', { name: '等我办的' })).toBeVisible();
  const asked = page.waitForRequest('**/api/orders?role=seller');
  await page.goBack();
  await asked;
});

test.describe('with a service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the page that the phone keeps has nobody\'s data in it @phone', async ({ page, as }) => {
    await as('liulin');
    await visit(page, '/');
    await page.evaluate(() => navigator.serviceWorker.ready);
    const kept = await page.evaluate(async () => (await caches.match('/'))!.text());
    expect(kept).toContain('id="app"');
    expect(kept).not.toContain('id="first"');
  });
});

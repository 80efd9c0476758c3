// A smoke run in Chromium 89: the browser that an old WeChat carries still opens the pages and does the work of the day.
// Playwright's own clicks and waits want a newer browser, so what a finger does is done by functions in the page.
import { expect, test, type Page } from './market';
import { watch } from './look';

/** Waits until the page says this. */
const says = (page: Page, text: string) => page.waitForFunction((text) => document.querySelector('main')?.innerText.includes(text), text);

/** Presses the button or follows the link that says this, once it is there. */
async function press(page: Page, text: string) {
  const found = await page.waitForFunction(
    (text) => [...document.querySelectorAll<HTMLElement>('main button:not([disabled]), main a')].find((e) => e.innerText.includes(text)), text);
  await found.evaluate((e) => (e as HTMLElement).click());
}

/** Types into the field with this label. */
async function type(page: Page, label: string, text: string) {
  const field = await page.waitForFunction(
    (label) => [...document.querySelectorAll('label')].find((e) => e.innerText.startsWith(label))?.querySelector('input, textarea'), label);
  await field.evaluate((e, text) => {
    (e as HTMLInputElement).value = text as string;
    e!.dispatchEvent(new Event('input', { bubbles: true }));
  }, text);
}

test.beforeEach(({ browser }) => expect(browser.version()).toMatch(/^89\./));

test('opens what is public @old', async ({ page }) => {
  const errors = watch(page);
  for (const [path, heading] of [['/', '滞销的货'], ['/search?q=pingguo', '苹果'], ['/demands', '求'], ['/sign-in', '登录'], ['/gifts', '武汉']] as const) {
    await page.goto(path);
    await says(page, heading);
  }
  await press(page, '武汉');
  await page.waitForFunction(() => document.querySelector('main svg'));
  expect(errors).toEqual([]);
});

test.describe('with goods', () => {
  test.use({ moment: 'listed' });

  test('lists a lot from one line @old', async ({ page, as, market }) => {
    const errors = watch(page);
    await as('liulin');
    await page.goto('/lots/new');
    await says(page, '行政区划代码'); // the last lot's place
    await type(page, '一句话说货', '苹果 3吨 富士80 3元/斤');
    await press(page, '先读给我听');
    await press(page, '登记并发布');
    await says(page, '苹果 富士80');
    const [offer] = await market.ask('liulin', 'GET', '/offers?seller=' + '11v11n'.padStart(26, '0'));
    expect(offer).toMatchObject({ price_e4: 60_000, state: 'live' });
    expect(errors).toEqual([]);
  });
});

test.describe('on the road', () => {
  test.use({ moment: 'planned' });

  test('drives a trip to its first stop @old', async ({ page, as, market }) => {
    const errors = watch(page);
    await as('driver1');
    await page.goto('/trips');
    await press(page, '陕C·A1001');
    await press(page, '到了');
    await says(page, '重车过磅');
    const trip = (await market.ask('driver1', 'GET', '/trips')).find((t: any) => t.outline.plate === '陕C·A1001');
    await expect.poll(async () => (await market.ask('driver1', 'GET', '/trips/' + trip.id)).events.map((e: any) => e.kind)).toContain('arrive');
    expect(errors).toEqual([]);
  });
});

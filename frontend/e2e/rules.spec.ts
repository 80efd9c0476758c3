// The rules every page is built by, each shown on a page where it counts, and what goes wrong on purpose: the server fails or
// sleeps, the session ends, two tabs are open, a photo is none. Rule 8, the keyboard, is in pages.spec.ts.
import { expect, test, type Page } from './market';
import { asksItself, expectSound, visit, watch } from './look';

const liulin = '11v11n'.padStart(26, '0');

/** The middle of an element, in pixels from the upper edge of the screen, and its size. */
const box = async (page: Page, name: string) => (await page.getByRole('button', { name }).or(page.getByRole('link', { name })).last().boundingBox())!;

test.describe('a cooperative with goods', () => {
  test.use({ moment: 'listed' });

  test('1 the main act stands at the foot, in the thumb\'s reach, 48 px and 8 px from its neighbour @phone', async ({ page, as }) => {
    await as('liulin');
    for (const [path, name] of [['/lots', '登记新货'], ['/lots/new', '先读给我听']] as const) {
      await visit(page, path);
      const act = await box(page, name);
      expect(act.y, path).toBeGreaterThan(780 * 0.6);
      expect(act.y + act.height, path).toBeLessThanOrEqual(780);
      expect(act.height, path).toBeGreaterThanOrEqual(48);
    }
    const gaps = await page.evaluate(() =>
      [...document.querySelectorAll('.foot')].flatMap((foot) => {
        const boxes = [...foot.children].map((e) => e.getBoundingClientRect());
        return boxes.slice(1).map((b, i) => Math.max(b.left - boxes[i]!.right, b.top - boxes[i]!.bottom));
      }));
    expect(gaps.length).toBeGreaterThan(0);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(8);
  });

  test('2 a weight is said in three units and in words, a price per jin the larger', async ({ page, as }) => {
    await as('liulin');
    await visit(page, '/lots/new');
    await page.getByRole('button', { name: '改用表格填' }).click();
    await page.getByLabel('重量', { exact: true }).fill('12000');
    await expect(page.getByText('12,000 斤 = 6,000 公斤 = 6 吨（一万两千斤）')).toBeVisible();
    await visit(page, '/search?q=苹果&kind=offer');
    const size = (pattern: RegExp) => page.getByText(pattern).first().evaluate((e) => parseFloat(getComputedStyle(e).fontSize));
    expect(await size(/^3\.00 元\/斤$/)).toBeGreaterThan(await size(/^6\.00 元\/公斤$/));
  });

  test('3 a photo that does not go up keeps nobody from saving @phone', async ({ page, as, market }) => {
    await as('liulin');
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/photos', async (route) => {
      await held;
      await route.continue();
    });
    await visit(page, '/lots/new');
    await page.getByLabel('货的照片').setInputFiles({ name: 'apples.png', mimeType: 'image/png', buffer: await page.screenshot() });
    await page.getByLabel('一句话说货').fill('苹果 3吨 富士80 3元/斤');
    await expect(page.getByText('行政区划代码')).toBeVisible();
    await page.getByRole('button', { name: '先读给我听' }).click();
    await page.getByRole('button', { name: '登记并发布' }).click();
    await expect(page.getByText('1 条待发送')).toBeVisible();
    const count = async () => (await market.ask('liulin', 'GET', '/lots?party=' + liulin)).filter((l: any) => l.source_line).length;
    expect(await count()).toBe(0);
    release();
    await expect.poll(count).toBe(1);
    await expect(page.getByText('条待发送')).toHaveCount(0);
  });

  test('3 what is no photo is said at the field, and the form goes on without it @phone', async ({ page, as }) => {
    await as('liulin');
    await visit(page, '/lots/new');
    for (const bytes of [Buffer.from('not a picture'), Buffer.alloc(20 * 1024 * 1024, 7)]) {
      await page.getByLabel('货的照片').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: bytes });
      await expect(page.getByText('打不开这张图。请换一张照片。')).toBeVisible();
      await page.getByLabel('货的照片').setInputFiles([]);
    }
    await page.getByLabel('一句话说货').fill('苹果 3吨 富士80 3元/斤');
    await page.getByRole('button', { name: '先读给我听' }).click();
    await expect(page.getByText('听到的是')).toBeVisible();
  });

  test('4 what is typed is kept within 500 ms, through a reload, the step back and a second tab', async ({ page, as, context }) => {
    await as('liulin');
    await visit(page, '/lots/new');
    const line = page.getByLabel('一句话说货');
    await line.fill('苹果 3吨 🍎 \u202e富士80');
    await page.waitForTimeout(500); // the promise itself
    await page.reload();
    await expect(line).toHaveValue('苹果 3吨 🍎 \u202e富士80');
    await visit(page, '/lots');
    await page.goBack();
    await expect(line).toHaveValue('苹果 3吨 🍎 \u202e富士80');
    const second = await context.newPage();
    await second.goto('/lots/new');
    await expect(second.getByLabel('一句话说货')).toHaveValue('苹果 3吨 🍎 \u202e富士80');
    await second.close();
    await expect(line).toHaveValue('苹果 3吨 🍎 \u202e富士80');
  });

  test('5 who waits longer than 300 ms is told, and after it sees the page; a server that fails is tried again', async ({ page, as }) => {
    await as('liulin');
    await page.goto('/');
    let release = () => {};
    let fail = true;
    const held = new Promise<void>((resolve) => (release = resolve));
    await asksItself(page);
    await page.route('**/api/lots?*', async (route) => {
      await held;
      await (fail ? route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"status":500}' }) : route.continue());
    });
    await page.goto('/lots');
    await expect(page.locator('.bones')).toBeVisible();
    release();
    await expect(page.getByRole('alert')).toContainText('内容没有丢');
    await expect(page.locator('.bones')).toHaveCount(0);
    fail = false;
    await page.getByRole('button', { name: '再试一次' }).click();
    await expect(page.locator('main li.card').first()).toBeVisible();
  });

  test('4 an act that the server broke off is sent once more under its key, and done once', async ({ page, as, market }) => {
    await as('liulin');
    const keys: string[] = [];
    await page.route('**/api/listings', async (route) => {
      keys.push(route.request().headers()['idempotency-key']!);
      const answer = await route.fetch();
      // The act went through; the answer is lost on its way.
      await (keys.length === 1 ? route.abort('connectionreset') : route.fulfill({ response: answer }));
    });
    await visit(page, '/lots/new');
    await page.getByLabel('一句话说货').fill('苹果 3吨 富士80 3元/斤');
    await expect(page.getByText('行政区划代码')).toBeVisible();
    await page.getByRole('button', { name: '先读给我听' }).click();
    await page.getByRole('button', { name: '登记并发布' }).click();
    await expect.poll(() => keys.length).toBeGreaterThan(1);
    await expect(page.getByText('条待发送')).toHaveCount(0);
    expect(new Set(keys).size).toBe(1);
    expect((await market.ask('liulin', 'GET', '/lots?party=' + liulin)).filter((l: any) => l.source_line)).toHaveLength(1);
  });

  test('4 a session that ends in the middle of a form takes nothing with it', async ({ page, as, context }) => {
    await as('liulin');
    await visit(page, '/lots/new');
    await page.getByLabel('一句话说货').fill('苹果 3吨 富士80 3元/斤');
    await context.clearCookies();
    await page.getByRole('button', { name: '先读给我听' }).click();
    await expect(page.getByText('登录已过期。已填的内容还在，请重新登录。')).toBeVisible();
    await page.getByRole('alert').getByRole('link', { name: '登录' }).click();
    await page.getByLabel('用户名').fill('liulin');
    await page.getByLabel('密码').fill('jishi-demo');
    await page.getByRole('button', { name: '登录' }).click();
    await expect(page).toHaveURL(/\/lots\/new/);
    await expect(page.getByLabel('一句话说货')).toHaveValue('苹果 3吨 富士80 3元/斤');
  });

  test('7 an empty page says why and what is next', async ({ page, as }) => {
    await as('haulier');
    await visit(page, '/search?q=榴莲');
    await expect(page.getByText('没有找到。换个说法，或者发一条需求。')).toBeVisible();
    await expect(page.getByRole('link', { name: '发需求' })).toBeVisible();
  });
});

test.describe('an order', () => {
  test.use({ moment: 'ordered' });

  test('6 giving an order up asks first and names whose it is; saying no does nothing', async ({ page, as, market }) => {
    await as('donor');
    const [order] = await market.ask('donor', 'GET', '/orders');
    await visit(page, '/orders/' + order.id);
    for (const summary of await page.locator('main summary').all()) await summary.click();
    let asked = '';
    page.on('dialog', (d) => {
      asked = d.message();
      void d.dismiss();
    });
    await page.getByRole('button', { name: /取消订单/ }).click();
    await expect.poll(() => asked).toContain(order.seller_name);
    expect((await market.ask('donor', 'GET', '/orders/' + order.id)).state).toBe(order.state);
  });
});

test.describe('on paper and for old eyes', () => {
  test.use({ moment: 'underway' });

  test('9 a waybill prints in black and white on A4 and on a label', async ({ page, as, market }) => {
    await as('driver2');
    const trip = (await market.ask('driver2', 'GET', '/trips'))[0];
    await visit(page, `/trips/${trip.id}/waybill`);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.top')).toBeHidden();
    await expect(page.locator('.paper .qr').first()).toBeVisible(); // the code to scan
    const coloured = await page.evaluate(() =>
      [...document.querySelectorAll('main *')].filter((e) => e.textContent?.trim() && !/^rgb\((\d+), \1, \1\)$/.test(getComputedStyle(e).color)).map((e) => e.outerHTML.slice(0, 80)));
    expect(coloured).toEqual([]);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
    expect((await page.pdf({ width: '100mm', height: '150mm' })).length).toBeGreaterThan(10_000);
  });
});

test.describe('told to the end', () => {
  test('10 a settled order says who gets what; text at 200 % and elder mode break nothing', async ({ page, as, market }) => {
    const errors = watch(page);
    await as('finance');
    const settled = (await market.ask('finance', 'GET', '/orders')).filter((o: any) => o.state === 'settled' || o.state === 'closed');
    expect(settled.length).toBeGreaterThan(0);
    await page.addInitScript(() => localStorage.setItem('elder', '1'));
    let parts = '';
    for (const order of settled) {
      await visit(page, '/orders/' + order.id);
      parts += await page.getByRole('table', { name: '钱怎么分' }).innerText();
    }
    for (const part of ['合作社', '带贫收益']) expect(parts).toContain(part);
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await expectSound(page, errors);
  });
});

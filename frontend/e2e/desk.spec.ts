// The dispatcher's desk with the real server and its planner: watch, change by mouse and by keyboard, ask what if, plan again.
import { fill, LATE } from './day.js';
import { expectSound, open, visit, watch } from './look';
import { expect, test, type Locator, type Market, type Page } from './market';

test.use({ moment: 'listed' });
test.slow(); // each test lets the planner search for its five seconds

/** More loads than the planner answers at once, so that it searches. */
const LOADS = 30;

const planOf = (page: Page) => new URL(page.url()).pathname;
const first = (plan: any) => plan.options[0];

/** A plan of the day's loads, made without the page. */
async function made(market: Market, loads = LOADS, trucks = 14): Promise<any> {
  await fill(market.ask, loads, trucks);
  return market.ask('dispatcher', 'POST', '/plans', {});
}

/** A load that rides, and another truck that may take it: one that breaks no rule by it, or the one that comes too late. */
async function target(market: Market, plan: any, breaks: boolean) {
  for (const from of first(plan).trips) {
    const load = plan.loads[from.parts[0].load].allocation;
    for (const truck of plan.trucks.filter((k: any) => k.capacity !== from.capacity && (k.plate === LATE) === breaks)) {
      const tried = await market.ask('dispatcher', 'POST', `/plans/${plan.id}/try`, { option: 'a', load, from: from.capacity, to: truck.capacity, position: -1 });
      if (tried.broken.some((c: any) => c.stops) === breaks) return { load, from: from.capacity, to: truck.capacity, plate: truck.plate, key: `${from.capacity}/${load}` };
    }
  }
  throw new Error(`no load whose move ${breaks ? 'breaks' : 'keeps'} the rules`);
}

const piece = (page: Page, key: string) => page.locator(`[data-piece="${key}"]`);
const row = (page: Page, capacity: string) => page.locator(`[data-row="${capacity}"]`);
const ridesOn = async (market: Market, plan: string, load: string) => {
  const now = await market.ask('dispatcher', 'GET', plan);
  return first(now).trips.find((x: any) => x.parts.some((p: any) => now.loads[p.load].allocation === load))?.capacity ?? '';
};

test('starts a run, watches its cost, loses the line and has it again, and takes the best so far @desk', async ({ page, as, market, context }) => {
  const errors = watch(page);
  await fill(market.ask, LOADS, 14);
  await as('dispatcher');
  await visit(page, '/dispatch');
  const waiting = page.locator('.waiting .card');
  const few = await waiting.count();
  expect(few, 'a long list does not push the trucks away').toBeLessThan(LOADS);
  await page.getByRole('button', { name: `看全部 ${LOADS} 份货` }).click();
  await expect(waiting).toHaveCount(LOADS);
  expect((await page.getByRole('button', { name: '给全部排车' }).boundingBox())!.y, 'the button stands above the list').toBeLessThan((await waiting.first().boundingBox())!.y);
  await page.getByLabel('算多久').selectOption('60');
  await page.getByRole('button', { name: '给全部排车' }).click();
  await expect(page.getByRole('heading', { name: '正在找更好的方案' })).toBeVisible();
  await expect(page.getByText(/辆车，\d+ 份货还没车/)).toBeVisible();
  await expect(page.getByText('费用往下走')).toBeVisible();
  await expectSound(page, errors);

  const run = planOf(page);
  await page.reload();
  await expect(page.getByText(/辆车，\d+ 份货还没车/)).toBeVisible();
  await context.setOffline(true);
  await page.reload().catch(() => {});
  await context.setOffline(false);
  await page.goto(run);
  await expect(page.getByRole('button', { name: '就用现在最好的' })).toBeVisible();
  await page.getByRole('button', { name: '就用现在最好的' }).click();
  await page.waitForURL('**/plans/*');
  const plan = await market.ask('dispatcher', 'GET', planOf(page));
  expect(first(plan).trips.length).toBeGreaterThan(0);
  expect((await market.ask('dispatcher', 'GET', run)).cancelled).toBe(true);
});

test('drags a load to another truck with the cost shown before, and takes it back @desk', async ({ page, as, market }) => {
  await page.setViewportSize({ width: 1366, height: 1500 });
  const plan = await made(market, LOADS, 6);
  const m = await target(market, plan, false);
  await as('dispatcher');
  await visit(page, '/plans/' + plan.id);
  await piece(page, m.key).scrollIntoViewIfNeeded();
  const [a, rows] = [(await piece(page, m.key).boundingBox())!, (await page.locator('.rows').boundingBox())!];
  await page.mouse.move(a.x + 20, a.y + 20);
  await page.mouse.down();
  // The row may be out of sight: the rows scroll while the hand is at their edge.
  await page.mouse.move(rows.x + 60, rows.y + rows.height / 2, { steps: 5 });
  const down = await row(page, m.to).evaluate((to, key) => !!(to.compareDocumentPosition(document.querySelector(`[data-piece="${key}"]`)!) & Node.DOCUMENT_POSITION_PRECEDING), m.key);
  const inside = async () => {
    const b = (await row(page, m.to).boundingBox())!;
    return b.y > rows.y + 45 && b.y + b.height < rows.y + rows.height - 45 ? b : null;
  };
  for (let i = 0; i < 40 && !(await inside()); i++) await page.mouse.move(rows.x + 60, down ? rows.y + rows.height - 8 - (i % 2) : rows.y + 8 + (i % 2));
  const b = (await row(page, m.to).boundingBox())!;
  await page.mouse.move(b.x + 60, b.y + b.height / 2, { steps: 3 });
  await expect(row(page, m.to)).toHaveClass(/aimed/);
  await expect(page.getByText('总费用 ¥')).toBeVisible();
  expect(await ridesOn(market, '/plans/' + plan.id, m.load), 'showing the cost changes nothing').toBe(m.from);
  await page.mouse.up();
  await expect(piece(page, `${m.to}/${m.load}`)).toBeFocused();
  expect(await ridesOn(market, '/plans/' + plan.id, m.load)).toBe(m.to);

  await page.keyboard.press('Control+z');
  await expect(piece(page, m.key)).toBeVisible();
  expect(await ridesOn(market, '/plans/' + plan.id, m.load)).toBe(m.from);
});

test('moves a load by keyboard alone, with a reason where a rule stands against it; locks a trip @desk', async ({ page, as, market }) => {
  const errors = watch(page);
  const plan = await made(market);
  const m = await target(market, plan, true);
  await as('dispatcher');
  await visit(page, '/plans/' + plan.id);
  await piece(page, m.key).focus();
  await page.keyboard.press('Enter');
  for (const step of ['ArrowDown', 'ArrowUp']) {
    for (let at = ''; !(await row(page, m.to).getAttribute('class'))!.includes('aimed'); ) {
      await page.keyboard.press(step);
      const aimed = (await page.locator('.aimed').getAttribute('data-row')) ?? '';
      if (aimed === at) break;
      at = aimed;
    }
  }
  await expect(row(page, m.to)).toHaveClass(/aimed/);
  await expect(page.locator('.move .wrong').first()).toContainText('禁止');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('破例的原因')).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await ridesOn(market, '/plans/' + plan.id, m.load), 'without a reason nothing moves').toBe(m.from);
  await expectSound(page, errors);
  await page.keyboard.type('货主打过电话');
  await page.keyboard.press('Enter');
  await expect(piece(page, `${m.to}/${m.load}`)).toBeFocused();
  await expect(page.getByText('原因：货主打过电话')).toBeVisible();
  const [edit] = await market.ask('dispatcher', 'GET', `/plans/${plan.id}/edits`);
  expect(edit).toMatchObject({ act: 'move', reason: '货主打过电话' });

  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.locator('.move')).toHaveCount(0);
  await page.getByRole('button', { name: `锁定 ${m.plate} 的车次` }).click();
  await expect(page.getByRole('button', { name: `解锁 ${m.plate} 的车次` })).toBeVisible();
  await expect(piece(page, `${m.to}/${m.load}`)).toBeDisabled();
});

test('asks what if, and puts the rest of the day beside it @desk', async ({ page, as, market }) => {
  const errors = watch(page);
  const plan = await made(market);
  const gone = first(plan).trips[0];
  await as('dispatcher');
  await visit(page, '/plans/' + plan.id);
  await page.getByText('如果……会怎样').click();
  await page.getByLabel('油价每公里加（元）').fill('0.5');
  await page.getByRole('button', { name: '看看' }).click();
  await expect(page.getByText('承诺都没变。')).toBeVisible();
  await expect(page.getByRole('rowheader', { name: '油价加价' })).toBeVisible();
  await page.getByRole('group', { name: '不用这些车' }).getByLabel(gone.plate).check();
  await page.getByLabel('允许换车重排').check();
  await page.getByRole('button', { name: '看看' }).click();
  await expect(page.getByRole('heading', { name: /改了的承诺（[1-9]/ })).toBeVisible({ timeout: 30_000 });
  expect(first(await market.ask('dispatcher', 'GET', '/plans/' + plan.id)).cost_fen, 'asking keeps nothing').toBe(first(plan).cost_fen);
  await expectSound(page, errors);

  await page.getByText('出了变化，重排余下的').click();
  await page.getByRole('group', { name: '开不了的车' }).getByLabel(gone.plate).check();
  await page.getByRole('button', { name: '重排', exact: true }).click();
  await page.waitForURL((url) => /\/plans\/./.test(url.pathname) && !url.pathname.endsWith(plan.id), { timeout: 40_000 });
  await expect(page.getByRole('heading', { name: /改了的承诺（[1-9]/ })).toBeVisible();
  const next = await market.ask('dispatcher', 'GET', planOf(page));
  expect(next.after).toBe(plan.id);
  expect(first(next).trips.map((x: any) => x.capacity)).not.toContain(gone.capacity);
});

test('each trip tells line by line how its cost comes about, by which rule and since when @desk', async ({ page, as, market }) => {
  const errors = watch(page);
  const plan = await made(market, 8, 4);
  const trip = first(plan).trips[0];
  await as('dispatcher');
  await visit(page, '/plans/' + plan.id);
  const card = page.locator('.trip', { hasText: trip.plate }).first();
  await card.getByText('怎么算的').click();
  const lines = card.getByRole('listitem').filter({ has: page.locator('.num') });
  await expect(lines).toHaveCount(trip.lines.length);
  const fen = (text: string) => Math.round(Number(text.replace(/[^\d.−-]/g, '').replace('−', '-')) * 100);
  const shown = await lines.locator('.num').allTextContents();
  expect(shown.reduce((sum, text) => sum + fen(text), 0), 'the lines add up').toBe(trip.cost_fen);
  const freight = trip.lines.find((l: any) => l.kind === 'freight');
  await expect(lines.filter({ hasText: '运费' }).first()).toContainText(freight.source);
  await expect(lines.filter({ hasText: '过路费' }).first()).toContainText(/（\d{4}.*起）/);
  await expectSound(page, errors);
});

test('a load is moved by taps on a phone, where a finger scrolls @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  const plan = await made(market);
  const m = await target(market, plan, false);
  await as('dispatcher');
  await visit(page, '/plans/' + plan.id);
  await piece(page, m.key).tap();
  await page.getByLabel('放到').selectOption(m.to);
  await expect(page.getByText('总费用 ¥')).toBeVisible();
  await expectSound(page, errors);
  await page.getByRole('button', { name: '放这里' }).tap();
  await expect(piece(page, `${m.to}/${m.load}`)).toBeVisible();
  expect(await ridesOn(market, '/plans/' + plan.id, m.load)).toBe(m.to);
});

test.describe('in English', () => {
  test.use({ lang: 'en' });
  test('the desk, a plan and what is left out are sound', async ({ page, as, market }) => {
    const errors = watch(page);
    const plan = await made(market, LOADS, 2); // too few trucks: some loads stay behind, with the rule
    expect(first(plan).unserved.length).toBeGreaterThan(0);
    await as('dispatcher');
    await visit(page, '/dispatch');
    await expectSound(page, errors);
    await visit(page, '/plans/' + plan.id);
    await open(page);
    await expect(page.locator('.note', { hasText: /not carried/ }).first()).toBeVisible();
    await expect(page.getByRole('link', { name: `${first(plan).unserved.length} loads have no truck` }), 'what stays is counted once, beside the button').toBeVisible();
    const place = async (x: Locator) => (await x.boundingBox())!.y;
    expect(await place(page.getByRole('button', { name: 'Accept' }).first()), 'it is adopted above its trips').toBeLessThan(await place(page.locator('.trip').first()));
    await expectSound(page, errors);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectSound(page, errors);
    await page.emulateMedia({ colorScheme: 'light' });
    if (process.env.JISHI_SHOTS) await page.screenshot({ path: `${process.env.JISHI_SHOTS}/plan-en-${page.viewportSize()!.width}.png`, fullPage: true });

    await page.getByRole('button', { name: '中文' }).click(); // the server's sentences come in the language chosen
    await expect(page.locator('.note', { hasText: '送不了' }).first()).toContainText(/能装|没有|要|只/);
    await expectSound(page, errors);
  });
});

test.describe('with trips of four years ago', () => {
  test.use({ moment: 'planned' });
  test('the timeline draws the days in sight, and the map comes when it is about to be seen', async ({ page, as }) => {
    await page.setExtraHTTPHeaders({ 'X-Jishi-Clock': '2024-02-04T09:00:00+08:00' });
    await as('dispatcher');
    await visit(page, '/dispatch');
    const days = page.locator('.gantt .days span');
    await expect(days.first()).toHaveText('2月3日');
    expect(await days.count()).toBeLessThan(30);
    await page.locator('.gantt').evaluate((g) => (g.scrollLeft = g.scrollWidth));
    await expect(days.last()).toHaveText('2月5日');
    expect(await days.count()).toBeLessThan(30);
    await page.locator('.gantt').scrollIntoViewIfNeeded();
    await expect(page.locator('svg.map circle').first()).toBeAttached();
  });
});

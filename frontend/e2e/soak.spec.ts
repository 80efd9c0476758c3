// A day at one page: what is opened and left again must be let go of. `make soak` walks for ten minutes, `make test` a few rounds.
import { expect, test, type Page } from './market';
import { visit, watch } from './look';

test.use({ moment: 'underway' });

const minutes = Number(process.env.JISHI_SOAK_MINUTES ?? 0);

/** Places a dispatcher goes round, by the links of the head. */
const round = ['找货', '捐赠公示', '调度', '车次'];

/** What the page holds after everything unused was let go of. */
async function held(page: Page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('Performance.enable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  await cdp.detach();
  const of = (name: string) => metrics.find((m) => m.name === name)!.value;
  return { nodes: of('Nodes'), listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize') };
}

async function walk(page: Page) {
  for (const name of round) {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  }
}

test('going round holds nothing of what was left @soak', async ({ page, as }) => {
  test.setTimeout(600_000 + minutes * 60_000);
  const errors = watch(page);
  await as('dispatcher');
  await visit(page, '/search');
  // What is loaded once stays; so does what the browser learns about busy functions, for some two hundred rounds.
  for (let i = 0; i < (minutes ? 200 : 3); i++) await walk(page);
  const before = await held(page);
  const end = Date.now() + minutes * 60_000;
  let rounds = 0;
  do {
    for (let i = 0; i < 8; i++, rounds++) await walk(page);
    if (minutes) console.log(JSON.stringify({ rounds, ...(await held(page)) }));
  } while (Date.now() < end);
  const after = await held(page);
  expect(after.nodes, 'nodes').toBeLessThanOrEqual(before.nodes * 1.1);
  expect(after.listeners, 'listeners').toBeLessThanOrEqual(before.listeners * 1.1);
  expect(after.heap, 'heap').toBeLessThanOrEqual(before.heap * 1.25);
  expect(errors).toEqual([]);
});

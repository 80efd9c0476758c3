// Frames drawn while a load is dragged over a dispatcher's board of 200 loads and 60 trucks.
import { fill } from '../e2e/day.js';

const [LOADS, TRUCKS, HOLD] = [200, 60, 6_000];
/** The day on which the loads are asked for. */
const clock = { 'X-Jishi-Clock': '2020-02-02T09:00:00+08:00' };

export async function board(browser, url) {
  const plan = await planned(url);
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, locale: 'zh-CN', extraHTTPHeaders: clock, serviceWorkers: 'block' });
  await context.request.post(url + '/api/session', { data: { login: 'dispatcher', password: 'jishi-demo' } });
  const page = await context.newPage();
  await page.goto(`${url}/plans/${plan}`, { waitUntil: 'networkidle' });
  await page.locator('[data-piece]').first().waitFor();
  const idle = await frames(page, () => new Promise((done) => setTimeout(done, 1_000)));
  const box = await page.locator('.rows').boundingBox();
  const piece = page.locator('[data-row]:not([data-row=""]) [data-piece]:enabled').first();
  await piece.scrollIntoViewIfNeeded();
  const from = await piece.boundingBox();
  // The main thread's own time, whatever else the machine does meanwhile.
  const wire = await context.newCDPSession(page);
  await wire.send('Performance.enable', { timeDomain: 'threadTicks' });
  const work = async () => Object.fromEntries((await wire.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
  await page.mouse.move(from.x + 10, from.y + 10);
  await page.mouse.down();
  const before = await work();
  const held = await frames(page, () => sweep(page, box));
  const after = await work();
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await context.close();
  const row = (name, gaps) => `| ${name} | ${((gaps.length * 1000) / gaps.reduce((n, gap) => n + gap, 0)).toFixed(1)} | ${gaps[Math.floor(gaps.length * 0.5)].toFixed(1)} | ${gaps[Math.floor(gaps.length * 0.99)].toFixed(1)} | ${gaps.at(-1).toFixed(1)} |`;
  return `| board of ${LOADS} loads and ${TRUCKS} trucks, 1366 × 900, processor as it is | frames/s | median ms | 99th percentile ms | longest ms |\n|---|--:|--:|--:|--:|\n${row('nothing is touched (what the machine can draw)', idle)}\n${row(`a load held over it for ${HOLD / 1000} s, up and down into both edges`, held)}

While it is held the page's own thread works ${(((after.TaskDuration - before.TaskDuration) * 1000) / held.length).toFixed(2)} ms a frame (of 16.7), and lays out ${((after.LayoutCount - before.LayoutCount) / held.length).toFixed(2)} times a frame.`;
}

/** The pauses between two frames while something is done, in milliseconds, shortest first. */
async function frames(page, doing) {
  await page.evaluate(() => {
    const all = (window.frames_at = []);
    const tick = (at) => window.frames_at === all && all.push(at) && requestAnimationFrame(tick);
    requestAnimationFrame(tick);
  });
  await doing();
  const at = await page.evaluate(() => {
    const all = window.frames_at;
    window.frames_at = null;
    return all;
  });
  return at.slice(1).map((t, i) => t - at[i]).sort((a, b) => a - b);
}

/** Up and down the whole board, as fast as a hand: 120 places a second. */
async function sweep(page, box) {
  for (const begin = Date.now(); Date.now() - begin < HOLD; ) {
    const phase = ((Date.now() - begin) % 3000) / 3000;
    await page.mouse.move(box.x + 200 + 100 * phase, box.y + box.height * (phase < 0.5 ? phase * 2 : 2 - phase * 2));
    await new Promise((done) => setTimeout(done, 8));
  }
}

/** Makes the day through the interface and lets the planner have its five seconds. */
async function planned(url) {
  const tokens = new Map();
  const call = async (method, path, body, headers = {}) => {
    const answer = await fetch(url + '/api' + path, { method, body: body && JSON.stringify(body), headers: { ...clock, 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), ...headers } });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const ask = async (login, method, path, body) => {
    if (!tokens.has(login)) tokens.set(login, (await call('POST', '/session', { login, password: 'jishi-demo' })).token);
    return call(method, path, body, { Authorization: 'Bearer ' + tokens.get(login) });
  };
  await fill(ask, LOADS, TRUCKS);
  let run = await ask('dispatcher', 'POST', '/plan-runs', { seconds: 5 });
  for (const end = Date.now() + 60_000; run.state === 'planning' && Date.now() < end; ) {
    await new Promise((done) => setTimeout(done, 500));
    run = await ask('dispatcher', 'GET', '/plan-runs/' + run.id);
  }
  if (!run.plan) throw new Error('no plan within a minute: ' + JSON.stringify(run).slice(0, 300));
  return run.plan;
}

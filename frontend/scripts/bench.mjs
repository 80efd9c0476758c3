// Measures the pages as a cheap phone on slow 4G sees them, beside a fixed reference page in the same run, and prints a table in
// Markdown: bench.mjs URL-OF-THE-SERVER. Every figure is the median of cold loads; at most 160 s, then it tells what it has. Then a
// dispatcher drags a load over a board of 200 loads and 60 trucks: frames a second, at most 90 s more.
import { createServer } from 'node:http';
import { chromium, devices } from '@playwright/test';
import { fill } from '../e2e/day.js';

const url = process.argv[2];
const RUNS = 3;
const LIMIT = 160_000;
// Lighthouse's simulated slow 4G, as applied at the request level (lighthouse/core/config/constants.js: 150 ms × 3.75, 1.6 Mbit/s × 0.9).
const NETWORK = { offline: false, latency: 562.5, downloadThroughput: (1474.56 * 1024) / 8, uploadThroughput: (675 * 1024) / 8 };
const CPU = 4;

const started = Date.now();
const offers = await (await fetch(url + '/api/offers')).json();
const gifts = await (await fetch(url + '/api/campaigns')).json();
const reference = await serveReference();

const pages = [
  ['reference: 200 lines of text, one button, no script file', reference.url, 'button'],
  ['front page', url + '/', 'input[type=search]'],
  ['search', url + '/search?q=' + encodeURIComponent('苹果'), 'input[type=search]'],
  ['an offer', `${url}/offers/${offers[0]?.id}`, 'header button'],
  ['a gift', `${url}/gifts/${gifts[0]?.id}`, 'header button'],
  ['sign-in', url + '/sign-in', 'input'],
];

const browser = await chromium.launch({ executablePath: process.env.JISHI_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const found = new Map(pages.map(([name]) => [name, []]));
for (let run = 0; run < RUNS; run++) {
  for (const [name, address, target] of pages) {
    if (Date.now() - started > LIMIT) break;
    found.get(name).push(await measure(address, target));
  }
}
reference.stop();

console.log(`| page (slow 4G, processor ÷ ${CPU}, 360 × 780) | loads | LCP ms | CLS | INP ms | kB over the wire |\n|---|--:|--:|--:|--:|--:|`);
for (const [name, all] of found) {
  const mid = (key) => median(all.map((r) => r[key]));
  console.log(all.length ? `| ${name} | ${all.length} | ${Math.round(mid('lcp'))} | ${mid('cls').toFixed(3)} | ${Math.round(mid('inp'))} | ${(mid('bytes') / 1000).toFixed(1)} |` : `| ${name} | 0 | | | | |`);
}
const late = [...found.values()].some((all) => all.length < RUNS);
if (late) console.log(`\nCut off after ${LIMIT / 1000} s.`);
await board();
await browser.close();

/** Makes a plan of 200 loads and 60 trucks, holds a load for six seconds over its board, and prints the frames that were drawn. */
async function board() {
  const [LOADS, TRUCKS, HOLD] = [200, 60, 6_000];
  const clock = { 'X-Jishi-Clock': '2020-02-02T09:00:00+08:00' };
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
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, locale: 'zh-CN', extraHTTPHeaders: clock });
  await context.request.post(url + '/api/session', { data: { login: 'dispatcher', password: 'jishi-demo' } });
  const page = await context.newPage();
  await page.goto(`${url}/plans/${run.plan}`, { waitUntil: 'networkidle' });
  const pieces = page.locator('[data-row]:not([data-row=""]) [data-piece]');
  const [count, rows] = [await pieces.count(), await page.locator('[data-row]:not([data-row=""])').count()];
  const box = await page.locator('.rows').boundingBox();
  await pieces.first().scrollIntoViewIfNeeded();
  const from = await pieces.first().boundingBox();
  await page.mouse.move(from.x + 10, from.y + 10);
  await page.mouse.down();
  await page.evaluate(() => {
    window.frames_at = [];
    const tick = (at) => window.frames_at.push(at) && requestAnimationFrame(tick);
    requestAnimationFrame(tick);
  });
  // Up and down the whole board, into both edges, where it scrolls.
  for (const begin = Date.now(); Date.now() - begin < HOLD; ) {
    const phase = ((Date.now() - begin) % 3000) / 3000;
    await page.mouse.move(box.x + 200 + 100 * phase, box.y + box.height * (phase < 0.5 ? phase * 2 : 2 - phase * 2));
  }
  const gaps = (await page.evaluate(() => window.frames_at)).map((at, i, all) => at - (all[i - 1] ?? at)).slice(1).sort((a, b) => a - b);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await context.close();
  const whole = gaps.reduce((n, gap) => n + gap, 0);
  console.log(`\n| board, 1366 × 900, processor as it is | rows | loads on trucks | frames/s | 99th percentile ms | longest frame ms |\n|---|--:|--:|--:|--:|--:|`);
  console.log(`| a load held over the board for ${HOLD / 1000} s | ${rows} | ${count} | ${((gaps.length / whole) * 1000).toFixed(1)} | ${gaps[Math.floor(gaps.length * 0.99)]?.toFixed(1)} | ${gaps.at(-1)?.toFixed(1)} |`);
}

/** One cold load and a few taps and keys. */
async function measure(address, target) {
  const context = await browser.newContext({ ...devices['Galaxy S5'], viewport: { width: 360, height: 780 }, locale: 'zh-CN', serviceWorkers: 'block' });
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  let bytes = 0;
  wire.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength));
  await wire.send('Network.enable');
  await wire.send('Network.emulateNetworkConditions', NETWORK);
  await wire.send('Emulation.setCPUThrottlingRate', { rate: CPU });
  await page.addInitScript(watch);
  await page.goto(address, { waitUntil: 'networkidle', timeout: 30_000 });
  const lcp = await page.evaluate(() => window.seen.lcp);
  await page.locator(target).first().click();
  await page.keyboard.type('苹果abc', { delay: 120 });
  await page.keyboard.press('Tab');
  // Two frames after the last key its event has been timed.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const { cls, inp } = await page.evaluate(() => ({ cls: window.seen.cls, inp: Math.max(0, ...window.seen.events) }));
  await context.close();
  return { lcp, cls, inp, bytes };
}

/** Runs in the page: the observers of web-vitals' three figures (web.dev/articles/vitals), without the library. */
function watch() {
  window.seen = { lcp: 0, cls: 0, events: [] };
  new PerformanceObserver((list) => list.getEntries().forEach((e) => (window.seen.lcp = e.startTime))).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((e) => !e.hadRecentInput && (window.seen.cls += e.value))).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((e) => e.interactionId && window.seen.events.push(e.duration))).observe({ type: 'event', durationThreshold: 16, buffered: true });
}

async function serveReference() {
  const lines = Array.from({ length: 200 }, (_, i) => `<p>${i + 1} 凤翔的苹果送到武汉的医院，每一克货、每一分钱都能查到。</p>`).join('');
  const html = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Reference</title><button onclick="this.textContent+='.'">+</button>${lines}</html>`;
  const server = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html; charset=utf-8').end(html));
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

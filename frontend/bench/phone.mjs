// A cheap phone on slow 4G, and the three figures by which people feel a page.
import { devices } from '@playwright/test';

/** Lighthouse's slow 4G as applied at the request level (lighthouse/core/config/constants.js: 150 ms × 3.75, 1.6 Mbit/s × 0.9). */
const NETWORK = { offline: false, latency: 562.5, downloadThroughput: (1474.56 * 1024) / 8, uploadThroughput: (675 * 1024) / 8 };
/** The processor is slowed to this part. */
export const CPU = 4;
export const SIZE = { width: 360, height: 780 };
/** The window around the page: Chromium counts its own bars into the size that is asked for, and what a page paints beneath the window's
 *  lower edge is never shown, so that its figure is that of whatever is painted next. */
const WINDOW = { width: SIZE.width + 200, height: SIZE.height + 200 };

/** A page of its own that nothing is cached for, signed in when a login is named; `wire` tells of its network. */
export async function phone(browser, url, login = '') {
  const context = await browser.newContext({ ...devices['Galaxy S5'], viewport: SIZE, locale: 'zh-CN', serviceWorkers: 'block' });
  if (login) await context.request.post(url + '/api/session', { data: { login, password: 'jishi-demo' } });
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  await wire.send('Network.emulateNetworkConditions', NETWORK);
  await wire.send('Emulation.setCPUThrottlingRate', { rate: CPU });
  const { windowId } = await wire.send('Browser.getWindowForTarget');
  await wire.send('Browser.setWindowBounds', { windowId, bounds: WINDOW });
  await page.addInitScript(watch);
  return { page, wire, close: () => context.close() };
}

/** Runs in the page: the observers of web-vitals' figures (web.dev/articles/vitals), without the library. */
function watch() {
  const seen = (window.seen = { lcp: 0, cls: 0, inp: 0, taps: 0, largest: '', why: [] });
  const name = (node) => (node?.nodeType === 1 ? node.outerHTML.slice(0, 60) : (node?.textContent ?? 'gone').slice(0, 60)).replace(/\s+/g, ' ');
  const at = (time) => `${Math.round(time)} ms: `;
  const moved = ({ node, previousRect: was, currentRect: is }) => `${name(node)} from ${Math.round(was.y)} (${Math.round(was.height)} high) to ${Math.round(is.y)} (${Math.round(is.height)})`;
  const on = (type, each, more) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...more });
  on('largest-contentful-paint', (e) => {
    seen.lcp = e.startTime;
    seen.largest = at(e.startTime) + 'the largest is ' + name(e.element);
  });
  on('layout-shift', (e) => {
    if (e.hadRecentInput) return;
    seen.cls += e.value;
    seen.why.push(`${at(e.startTime)}moved by ${e.value.toFixed(3)}: ${e.sources.map(moved).join('; ')}`);
  });
  on('event', (e) => {
    if (!e.interactionId) return;
    seen.inp = Math.max(seen.inp, e.duration);
    if (e.duration > 100) seen.why.push(`${at(e.startTime)}${e.name} waited ${Math.round(e.processingStart - e.startTime)}, ran ${Math.round(e.processingEnd - e.processingStart)}, painted after ${Math.round(e.duration)}`);
  }, { durationThreshold: 16 });
  addEventListener('pointerdown', () => seen.taps++, true);
}

/** Waits until the page shows itself whole and has been painted; a slow machine may be quiet before that. */
export async function settled(page) {
  await page.locator('main h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('.bones, [aria-busy=true]') && window.seen.lcp > 0);
  await painted(page);
}

/** What was seen so far, the last input's event too: it has been timed two frames later. */
export async function painted(page) {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done({ ...window.seen }))))));
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

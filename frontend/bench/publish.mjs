// A lot published on a cheap phone: taps and seconds from the list of lots until the new lot shows, in both ways people do it.
import { painted, phone, settled } from './phone.mjs';

/** A slow thumb: four characters a second. */
const KEY = 250;
/** Opening the camera and taking the picture: two taps a test can't make. */
const PHOTO_TAPS = 2;

const ways = [
  ['one line, with a photo', oneLine, PHOTO_TAPS],
  ['as last time, another price', asLastTime, 0],
];

export async function publish(browser, url) {
  const rows = [];
  for (const [name, way, more] of ways) {
    const { page, close } = await phone(browser, url, 'liulin');
    await page.goto(url + '/lots');
    await settled(page);
    const begin = Date.now();
    await page.getByRole('link', { name: '登记新货' }).tap();
    await way(page);
    await page.waitForURL(/\/lots\/(?!new)./);
    await page.locator('main h1').waitFor();
    const { taps, inp } = await painted(page);
    rows.push(`| ${name} | ${taps + more} | ${((Date.now() - begin) / 1000).toFixed(1)} | ${Math.round(inp)} |`);
    await close();
  }
  return `| a lot published (same phone and network, ${1000 / KEY} keys a second, no time to think) | taps | s | INP ms |\n|---|--:|--:|--:|\n${rows.join('\n')}`;
}

async function oneLine(page) {
  await page.getByLabel('货的照片').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: await page.screenshot() });
  await page.getByLabel('一句话说货').tap();
  await page.keyboard.type('苹果 3吨 富士80 3元/斤', { delay: KEY });
  await page.getByText('行政区划代码').waitFor(); // the last lot's place
  await page.getByRole('button', { name: '先读给我听' }).tap();
  await page.getByText('听到的是').waitFor();
  await page.getByText('照片已上传').waitFor(); // until then the act would wait in the outbox
  await page.getByRole('button', { name: '登记并发布' }).tap();
}

async function asLastTime(page) {
  await page.getByRole('button', { name: /照上次填/ }).tap();
  await page.getByLabel('价格', { exact: true }).tap();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('5.8', { delay: KEY });
  await page.getByRole('button', { name: '登记并发布' }).tap();
}

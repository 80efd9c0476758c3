// Every picture is there three times: drawn, as a table, and as files to take along, and all three say the same.
import { readFile } from 'node:fs/promises';
import { expect, first, pathOf, test, type Address, type Moment, type Page } from './market';

/** Deals of three days, one of them below the band: the story itself has one day's. */
const prices = {
  produce: 'apple-fuji', produce_name: '苹果', low_e4: 40_000, high_e4: 80_000, source: '演示',
  days: [{ day: '2020-01-31', price_e4: 36_000, deals: 2 }, { day: '2020-02-01', price_e4: 52_000, deals: 5 }, { day: '2020-02-02', price_e4: 60_000, deals: 1 }],
};

const pictures: [title: RegExp, moment: Moment, login: string, address: Address][] = [
  [/各县货情/, 'told', 'operator', '/'],
  [/从钱到收货/, 'told', 'donor', first('donor', '/campaigns', (c) => '/gifts/' + c.id)],
  [/线路示意/, 'planned', 'dispatcher', '/dispatch'],
  [/装载/, 'planned', 'dispatcher', first('dispatcher', '/plans', (p) => '/plans/' + p.id)],
  [/价格走势/, 'told', 'donor', first('donor', '/offers', (o) => '/offers/' + o.id)],
];

/** Presses a button that brings a file, and gives its name and what is in it. */
async function file(page: Page, press: () => Promise<void>): Promise<[name: string, bytes: Buffer]> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return [download.suggestedFilename(), await readFile(await download.path())];
}

/** A line of CSV as its cells; ours has no line breaks within quotes. */
const cells = (line: string) => [...(',' + line).matchAll(/,("(?:[^"]|"")*"|[^,]*)/g)].map((m) => m[1]!.replace(/^"|"$/g, '').replaceAll('""', '"'));

for (const [title, moment, login, address] of pictures) {
  test.describe(String(title), () => {
    test.use({ moment });
    test('is drawn, read as a table, and taken along as CSV and PNG @desk', async ({ page, as, market }) => {
      await as(login);
      await page.route('**/api/prices?*', (route) => route.fulfill({ json: prices }));
      const path = await pathOf(address, market);
      await page.goto(path);
      const figure = page.locator('figure.picture').filter({ has: page.locator('figcaption strong', { hasText: title }) }).first();
      if (path === '/dispatch') await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight)); // the map comes when it is near
      await figure.scrollIntoViewIfNeeded();
      const drawing = figure.locator('.sheet svg');
      await expect(drawing).toBeVisible();
      const shapes = await drawing.locator('path, rect, circle, line, polyline').count();
      expect(shapes, 'something is drawn').toBeGreaterThan(2);
      await expect(figure.locator('.sheet'), 'who can’t see it is given the table').toHaveAttribute('aria-hidden', 'true');

      await figure.locator('summary').click();
      const head = await figure.locator('thead th').allInnerTexts();
      const rows = await Promise.all((await figure.locator('tbody tr').all()).map((row) => row.locator('th, td').allInnerTexts()));
      expect(rows.length).toBeGreaterThan(0);

      const named = (await figure.locator('figcaption strong').innerText()).trim();
      const [csvName, csv] = await file(page, () => figure.getByRole('button', { name: /^CSV/ }).click());
      expect(csvName).toBe(named + '.csv');
      const [first, ...lines] = csv.toString('utf8').replace(/^\ufeff/, '').trimEnd().split('\r\n').map(cells);
      expect(csv.subarray(0, 3).toString('hex'), 'a byte order mark, for Excel').toBe('efbbbf');
      expect(first).toEqual(head.map((s) => s.trim()));
      expect(lines).toEqual(rows.map((row) => row.map((s) => s.trim())));

      const size = (await drawing.boundingBox())!;
      const [pngName, png] = await file(page, () => figure.getByRole('button', { name: /^PNG/ }).click());
      expect(pngName).toBe(named + '.png');
      expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
      expect([png.readUInt32BE(16), png.readUInt32BE(20)].map((n, i) => Math.abs(n - 2 * [size.width, size.height][i]!) < 2), 'twice as large as on the page').toEqual([true, true]);
      // What is drawn is in the file: more than one colour.
      const colours = await page.evaluate(async (data) => {
        const image = new Image();
        image.src = 'data:image/png;base64,' + data;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.width, image.height];
        const pen = canvas.getContext('2d')!;
        pen.drawImage(image, 0, 0);
        const seen = new Set<number>();
        const { data: points } = pen.getImageData(0, 0, canvas.width, canvas.height);
        for (let i = 0; i < points.length; i += 4) seen.add((points[i]! << 16) + (points[i + 1]! << 8) + points[i + 2]!);
        return seen.size;
      }, png.toString('base64'));
      expect(colours).toBeGreaterThan(2);
    });
  });
}

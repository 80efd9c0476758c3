// Twelve screens as they look on a phone, and as a screen reader meets them: headings, fields, buttons and links, in order and by name.
// Who changes one on purpose looks at the new picture: scripts/browser.sh --update-snapshots=changed shapes.spec.ts --project=phone
import { visit } from './look';
import { expect, first, pathOf, test, type Address, type Moment } from './market';

const screens: [name: string, moment: Moment, login: string, address: Address][] = [
  ['front-page', 'told', '', '/'],
  ['search', 'listed', '', '/search?q=苹果&kinds=offer'],
  ['offer', 'listed', 'donor', first('donor', '/offers', (o) => '/offers/' + o.id, (o) => o.price_e4 > 50_000)],
  ['gift', 'told', '', first('donor', '/campaigns', (c) => '/gifts/' + c.id)],
  ['sign-in', 'told', '', '/sign-in'],
  ['new-lot', 'listed', 'liulin', '/lots/new'],
  ['order-to-answer', 'ordered', 'liulin', first('liulin', '/orders?role=seller', (o) => '/orders/' + o.id)],
  ['new-need', 'listed', 'union', '/demands/new'],
  ['trip-before-loading', 'planned', 'driver1', first('driver1', '/trips', (t) => '/trips/' + t.id, (t) => t.outline.plate.endsWith('A1001'))],
  ['trucks', 'told', 'haulier', '/vehicles'],
  ['desk', 'planned', 'dispatcher', '/dispatch'],
  ['waybill', 'underway', 'driver2', first('driver2', '/trips', (t) => `/trips/${t.id}/waybill`, (t) => t.outline.plate.endsWith('A1002'))],
];

/** Without what is new with each story: ids, references, and where the server listens. */
const unnamed = (text: string) => text.replace(/\b[0-9a-z]{26}\b/g, 'ID').replace(/\bJS[0-9A-Z]{8,}\b/g, 'REFERENCE').replace(/127\.0\.0\.1:\d+/g, 'SERVER');

for (const [name, moment, login, address] of screens) {
  test.describe(name, () => {
    test.use({ moment });
    test('keeps its shape @phone', async ({ page, as, market }) => {
      if (login) await as(login);
      await visit(page, await pathOf(address, market));
      expect(unnamed(await page.locator('main').ariaSnapshot())).toMatchSnapshot(name + '.txt');
      // Letters are drawn a little differently by each browser; a thing that is missing, moved or of another colour is more than that.
      await expect(page).toHaveScreenshot(name + '.png', { mask: [page.locator('.code, main img')], threshold: 0.3, maxDiffPixelRatio: 0.02 });
    });
  });
}

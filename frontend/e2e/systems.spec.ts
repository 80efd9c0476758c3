// Lots, offers and orders name the address where another system reads the same in the words of a standard, and that address answers.
import { expectSound, visit, watch } from './look';
import { expect, first, partyOf, pathOf, test, type Address, type Page } from './market';

test.use({ moment: 'told' });

/** What stands at the address that a page shows for a standard, as whoever is signed in gets it. */
async function read(page: Page, standard: string): Promise<any> {
  const link = page.getByText(`给其他系统读（${standard}）`).getByRole('link');
  const shown = (await link.textContent())!;
  expect(new URL((await link.getAttribute('href'))!, page.url()).href, 'the address is shown whole').toBe(shown);
  const answer = await page.request.get(shown);
  expect(answer.headers()['content-type']).toBe('application/ld+json');
  return answer.json();
}

const typed = (document: any, type: string) => document['@graph'].filter((n: any) => n['@type'] === 'dfc-b:' + type);

test('a lot\'s way can be read as EPCIS events', async ({ page, as, market }) => {
  const errors = watch(page);
  const seller = await partyOf(market, 'liulin', 'coop');
  const lots = await market.ask('liulin', 'GET', '/lots?party=' + seller);
  await as('liulin');
  await visit(page, '/lots/' + lots.at(-1).id);
  await expectSound(page, errors);
  const document = await read(page, 'EPCIS 2.0');
  expect(document.type).toBe('EPCISDocument');
  expect(document.epcisBody.eventList.length).toBeGreaterThan(0);
});

test('an order can be read by its parties', async ({ page, as, market }) => {
  const errors = watch(page);
  const order: Address = first('liulin', '/orders?role=seller', (o) => '/orders/' + o.id);
  await as('liulin');
  const path = await pathOf(order, market);
  await visit(page, path);
  await expectSound(page, errors);
  const [head] = typed(await read(page, 'DFC'), 'Order');
  expect(head['@id'].split('/').pop()).toBe(path.split('/').pop());
  expect(head['dfc-b:orderNumber']).toMatch(/^[0-9A-Z]{11}$/);
});

test.describe('with goods on sale', () => {
  test.use({ moment: 'listed' });
  test('a visitor sees where a seller\'s catalogue can be read', async ({ page, market }) => {
    const errors = watch(page);
    const offer = (await market.ask('liulin', 'GET', '/offers')).find((o: any) => o.state === 'live');
    await visit(page, '/offers/' + offer.id);
    await expectSound(page, errors);
    const catalogue = await read(page, 'DFC');
    expect(typed(catalogue, 'Offer').map((n: any) => n['@id'].split('/').pop())).toContain(offer.id);
  });
});

test.describe('in English', () => {
  test.use({ lang: 'en' });
  test('the line has its words', async ({ page, as, market }) => {
    const errors = watch(page);
    await as('liulin');
    await visit(page, await pathOf(first('liulin', '/orders?role=seller', (o) => '/orders/' + o.id), market));
    await expect(page.getByText('For other systems (DFC):')).toBeVisible();
    await expectSound(page, errors);
  });
});

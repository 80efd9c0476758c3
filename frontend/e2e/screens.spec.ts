// Every screen, as the people who use it see it, in both languages: no error of a script, no WCAG 2.2 AA violation, nothing
// wider than the screen, targets of 48 px.
import { expectSound, open, visit, watch } from './look';
import { expect, first, partyOf, pathOf, test, type Address, type Market, type Moment } from './market';

// The cooperative of the apples; ids of the seed are made from their keys.
const liulin = '11v11n'.padStart(26, '0');


const screens: [name: string, moment: Moment, login: string, address: Address][] = [
  ['front page', 'told', '', '/'],
  ['front page of a cooperative', 'ordered', 'liulin', '/'],
  ['sign-in', 'told', '', '/sign-in'],
  ['nowhere', 'told', '', '/nowhere'],
  ['account', 'told', 'clerk', '/account'],
  ['mandates', 'told', 'clerk', '/mandates'],
  ['lots', 'listed', 'liulin', '/lots'],
  ['new lot', 'listed', 'liulin', '/lots/new'],
  ['join lots', 'listed', 'liulin', '/lots/join'],
  ['import of lots', 'listed', 'liulin', '/lots/import'],
  ['lot', 'listed', 'liulin', first('liulin', '/lots?party=' + liulin, (l) => '/lots/' + l.id)],
  ['orders', 'ordered', 'liulin', '/orders'],
  ['order to answer', 'ordered', 'liulin', first('liulin', '/orders?role=seller', (o) => '/orders/' + o.id)],
  ['packing list', 'paid', 'liulin', first('liulin', '/orders?role=seller', (o) => `/orders/${o.id}/packing`)],
  ['settled order', 'told', 'finance', first('finance', '/orders', (o) => '/orders/' + o.id, (o) => o.state === 'settled' || o.state === 'closed')],
  ['money in', 'told', 'liulin', '/income'],
  ['households', 'told', 'liulin', '/mandates'],
  ['front page of a receiver', 'underway', 'union', '/'],
  ['front page of an operator', 'told', 'operator', '/'],
  ['orders to settle', 'delivered', 'finance', '/finance/to-settle'],
  ['audit', 'told', 'auditor', first('finance', '/orders', (o) => '/audit?subject=order/' + o.id)],
  ['offer', 'told', 'donor', first('donor', '/offers', (o) => '/offers/' + o.id)],
  ['needs', 'listed', 'union', '/demands'],
  ['need', 'listed', 'union', first('union', '/demands', (d) => '/demands/' + d.id)],
  ['new need', 'listed', 'union', '/demands/new'],
  ['trips', 'planned', 'driver1', '/trips'],
  ['trip before loading', 'planned', 'driver1', first('driver1', '/trips', (t) => '/trips/' + t.id)],
  ['trip on the road', 'underway', 'driver2', first('driver2', '/trips', (t) => '/trips/' + t.id, (t) => t.outline.plate.endsWith('A1002'))],
  ['what happens on the way', 'underway', 'dispatcher', first('dispatcher', '/trips', (t) => `/trips/${t.id}/reports`)],
  ['waybill', 'underway', 'driver2', first('driver2', '/trips', (t) => `/trips/${t.id}/waybill`)],
  ['desk', 'paid', 'dispatcher', '/dispatch'],
  ['plan', 'planned', 'dispatcher', first('dispatcher', '/plans', (p) => '/plans/' + p.id)],
  ['plan without a truck', 'paid', 'dispatcher', async (market) => '/plans/' + (await market.ask('dispatcher', 'POST', '/plans', {})).id],
  ['goods and people to move', 'told', 'liulin', async (market) => {
    await market.ask('liulin', 'POST', '/posted-loads', { shipper: liulin, produce: '复合肥', weight: '10吨', from: { adcode: '420106' }, to: { adcode: '610322' } });
    return '/posted-loads';
  }],
  ['new load', 'told', 'liulin', '/posted-loads/new'],
  ['trucks', 'told', 'haulier', '/vehicles'],
  ['price watch', 'told', 'operator', '/price-watch'],
  ['relief report', 'told', 'firm', '/relief-report'],
  ['relief report of a figure', 'told', 'auditor', '/relief-report/lines?figure=fen'],
  ['reserved share', 'told', 'canteen', '/reserved-share'],
  ['approval limits', 'listed', 'canteen', '/limits'],
  ['quotations', 'listed', 'firm', '/quotations'],
  ['question for a price', 'listed', 'firm', first('firm', '/offers', (o) => '/quotations/new?offer=' + o.id)],
  ['quotation', 'listed', 'firm', async (market) => {
    const asked = await market.ask('firm', 'POST', '/quotations', { buyer: await partyOf(market, 'firm'), sellers: [liulin], produce: '苹果', weight: '300公斤' });
    return '/quotations/' + (asked[0] ?? asked).id;
  }],
  ['cart', 'listed', 'firm', async (market) => {
    const offers = await market.ask('firm', 'GET', '/offers');
    return '/carts/' + (await market.ask('firm', 'POST', '/carts', { buyer: await partyOf(market, 'firm'), lines: offers.map((o: any) => ({ offer: o.id, version: o.version, weight: '500公斤' })) })).id;
  }],
];

/** Screens that people also use at a desk. */
const atDesk = new Set(['lots', 'lot', 'orders', 'order to answer', 'settled order', 'packing list', 'money in', 'households', 'front page of a cooperative', 'front page of an operator', 'audit', 'offer', 'desk', 'plan']);

const shots = process.env.JISHI_SHOTS;

for (const [name, moment, login, address] of screens) {
  test.describe(() => {
    test.use({ moment });
    test(`${name}${atDesk.has(name) ? '' : ' @phone'}`, async ({ page, as, market }, info) => {
      const errors = watch(page);
      if (login) await as(login);
      const path = await pathOf(address, market);
      for (const lang of ['zh-CN', 'en']) {
        await page.addInitScript((l) => localStorage.setItem('lang', l), lang);
        await visit(page, path);
        await open(page);
        await expect(page.locator('html')).toHaveAttribute('lang', lang);
        if (shots) await page.screenshot({ path: `${shots}/${info.project.name}-${lang}-${name.replaceAll(' ', '_')}.png`, fullPage: true });
        await expectSound(page, errors);
      }
    });
  });
}

import type { Key } from './i18n.svelte';

/** A page in the main navigation; without roles it is for everybody. */
export interface Link {
  href: string;
  key: Key;
  /** Other addresses of the same place. */
  also?: string[];
  roles?: string[];
}

export const links: Link[] = [
  { href: '/search', key: 'nav.search' },
  { href: '/gifts', key: 'nav.gifts', also: ['/campaigns'] },
  { href: '/lots', key: 'nav.lots', roles: ['coop', 'clerk', 'grower'] },
  { href: '/income', key: 'income.title', also: ['/payouts', '/deposits'], roles: ['coop'] },
  { href: '/orders', key: 'nav.orders', also: ['/standing-orders', '/quotations', '/carts', '/reserved-share', '/relief-report'], roles: ['coop', 'clerk', 'buyer', 'donor', 'finance', 'operator'] },
  { href: '/demands', key: 'nav.demands', roles: ['receiver', 'buyer', 'operator', 'donor', 'dispatcher'] },
  { href: '/dispatch', key: 'nav.dispatch', also: ['/plan'], roles: ['dispatcher'] },
  { href: '/trips', key: 'nav.trips', roles: ['driver', 'carrier', 'dispatcher', 'receiver', 'buyer', 'coop'] },
  { href: '/vehicles', key: 'nav.vehicles', roles: ['carrier', 'dispatcher'] },
  { href: '/finance', key: 'nav.finance', also: ['/invoices', '/deposits', '/credit-terms'], roles: ['finance'] },
  { href: '/audit', key: 'nav.audit', roles: ['auditor', 'operator'] },
];

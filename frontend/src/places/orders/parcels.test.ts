import { expect, it } from 'vitest';
import type { Lot, Order } from '../../api/shapes';
import { parcels } from './parcels';

it('a packing list has a parcel for each receiver, in whole packs, and one for what is left', () => {
  const line = { lot: 'l', produce_name: '苹果', grade: '富士80', grams: 10_000_000, to: [{ demand: 'd1', receiver_name: '协和医院', grams: 6_001_000 }, { demand: 'd2', receiver_name: '中南医院', grams: 3_000_000 }] };
  const list = parcels({ buyer_name: '某企业', lines: [line] } as Order, [{ id: 'l', packing: 'box', pack_grams: 6000, certificate: 'C1' } as Lot]);
  expect(list.map((p) => [p.name, p.grams, p.rows[0]!.packs, p.rows[0]!.certificate])).toEqual([['协和医院', 6_001_000, 1001, 'C1'], ['中南医院', 3_000_000, 500, 'C1'], ['某企业', 999_000, 167, 'C1']]);
});

import { expect, it } from 'vitest';
import type { GiftReport } from '../api/shapes';
import { columns, stack } from './flow';

const report = (part: Partial<GiftReport>): GiftReport => ({
  campaign: 'c', title: '', named_use: '', donor_name: '', reference: '', state: 'delivered', goal_fen: 0, households: 0, paid_fen: 100, spent_fen: 0, haulage_given_fen: 0, silent_donors: 0, split: [],
  lots: [], trips: [], wards: [], losses: [], use_changes: [], proof: { entries: 0, seals: 0, verified: true }, ...part,
});
const trip = (plate: string, loaded: number) => ({ id: plate, plate, loaded_grams: loaded, received_grams: 0, state: 'done', haulage_given: [] });
const ward = (name: string, received: number, accepted: number) => ({ name, produce: 'apple', loaded_grams: 0, lost_grams: 0, received_grams: received, accepted_grams: accepted, rejected_grams: received - accepted, handed_out: [] });
const same = (code: string) => code;

it('accounts for every gram loaded: wards and losses make the last column', () => {
  const got = columns(report({
    trips: [trip('A', 5016), trip('B', 4996)],
    wards: [ward('w', 6000, 5998), ward('w', 3985, 3978)],
    losses: [{ cause: 'moisture', grams: 27 }, { cause: 'rejected', grams: 9 }],
  }), same, same);
  expect(got.map((c) => c.key)).toEqual(['yuan', 'truck', 'ward']);
  expect(got[2]!.blocks).toEqual([{ name: 'w', n: 9976 }, { name: 'moisture', n: 27, lost: true }, { name: 'rejected', n: 9, lost: true }]);
  expect(got[2]!.total).toBe(9976);
  expect(got[2]!.blocks.reduce((n, b) => n + b.n, 0)).toBe(got[1]!.total);
});

it('shows nothing for what has not happened yet', () => {
  expect(columns(report({ paid_fen: 0 }), same, same)).toEqual([]);
});

it('stacks blocks by their share, with gaps between', () => {
  expect(stack([{ name: 'a', n: 1 }, { name: 'b', n: 3 }], 43, 3)).toEqual([{ top: 0, height: 10 }, { top: 13, height: 30 }]);
});

// The gift's way as stacked columns of one height: what was paid, what it bought, what was loaded, what came of it.

import { items, type GiftReport } from '../api/shapes';

/** One block of a column: grams, or fen in the first column. */
export interface Block {
  name: string;
  n: number;
  /** How the block is drawn: good, or gone. */
  lost?: boolean;
}

export interface Column {
  key: 'yuan' | 'lot' | 'truck' | 'ward';
  blocks: Block[];
  /** What the column says on top: what was lost is not in it. */
  total: number;
}

/** The columns of a report that have something in them; the last one accounts for every gram loaded. */
export function columns(g: GiftReport, cause: (code: string) => string, use: (code: string) => string): Column[] {
  const split = items(g.split).filter((s) => s.fen > 0);
  const of: Record<Column['key'], Block[]> = {
    yuan: split.length ? split.map((s) => ({ name: use(s.kind), n: s.fen })) : [{ name: '', n: g.paid_fen }],
    lot: items(g.lots).map((l) => ({ name: l.produce_name || l.produce, n: l.grams })),
    truck: items(g.trips).map((x) => ({ name: x.plate, n: x.loaded_grams })),
    ward: [...wards(g), ...items(g.losses).map((l) => ({ name: cause(l.cause), n: l.grams, lost: true }))],
  };
  return (Object.keys(of) as Column['key'][])
    .map((key) => ({ key, blocks: of[key].filter((b) => b.n > 0), total: 0 }))
    .map((c) => ({ ...c, total: c.blocks.reduce((n, b) => n + (b.lost ? 0 : b.n), 0) }))
    .filter((c) => c.blocks.length > 0);
}

/** What each ward accepted, its lines of several produce joined. */
function wards(g: GiftReport): Block[] {
  const sum = new Map<string, number>();
  for (const w of items(g.wards)) sum.set(w.name, (sum.get(w.name) ?? 0) + w.accepted_grams);
  return [...sum].map(([name, n]) => ({ name, n }));
}

/** Blocks stacked over a height with a gap between them: each one's top and height. */
export function stack(blocks: Block[], height: number, gap = 3): { top: number; height: number }[] {
  const total = blocks.reduce((n, b) => n + b.n, 0);
  const room = height - gap * (blocks.length - 1);
  let top = 0;
  return blocks.map((b) => {
    const own = (b.n / total) * room;
    const at = { top, height: own };
    top += own + gap;
    return at;
  });
}

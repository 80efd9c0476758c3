// The board's timeline: a row for every truck, a bar for every trip, and only the rows that are in sight.

/** One trip, or the time a truck is free. */
export interface Bar {
  id: string;
  from: number; // Unix milliseconds
  to: number;
  kind: 'trip' | 'free';
  state: string;
  label: string;
  href?: string;
}

export interface Row {
  id: string;
  plate: string;
  note: string;
  bars: Bar[];
}

/** The span all bars lie in, widened to whole days in China; a day from now when there is none. */
export function span(rows: Row[], now: number): [from: number, to: number] {
  const bars = rows.flatMap((r) => r.bars);
  const first = Math.min(...bars.map((b) => b.from), now);
  const last = Math.max(...bars.map((b) => b.to), now + DAY);
  return [midnight(first), midnight(last) + DAY];
}

export const DAY = 24 * 3600 * 1000;
const CHINA = 8 * 3600 * 1000;

/** The start of the day in China that holds the instant. */
export function midnight(ms: number): number {
  return Math.floor((ms + CHINA) / DAY) * DAY - CHINA;
}

/** The rows of a list that are in sight, with a few above and below, so that a board of any length costs the same to draw. */
export function visible(count: number, top: number, height: number, row: number, spare = 4): [first: number, last: number] {
  const first = Math.max(0, Math.floor(top / row) - spare);
  return [first, Math.min(count, Math.ceil((top + height) / row) + spare)];
}

/** Places bars in lanes so that none covers another: a truck's late trip and its next one are both seen. */
export function lanes(bars: Bar[]): Map<string, number> {
  const ends: number[] = [];
  const out = new Map<string, number>();
  for (const bar of [...bars].sort((a, b) => a.from - b.from || a.to - b.to)) {
    let lane = ends.findIndex((end) => end <= bar.from);
    if (lane < 0) lane = ends.length;
    ends[lane] = bar.to;
    out.set(bar.id, lane);
  }
  return out;
}

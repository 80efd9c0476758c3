// Where names stand on the sheet, so that none covers another or a mark: beside the mark where there is room, else a little away with
// a thin line to it. A name for which there is no room is left out; the table beside the map has it.

import { widthOf } from '../text';
import type { Spot } from './project';

/** A name to write, and the mark it belongs to. */
export interface Named {
  text: string;
  at: Spot;
}

/** A name in its place: its first letter's lower left corner, and whether it stands away from its mark. */
export interface Label extends Named {
  x: number;
  y: number;
  away: boolean;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Half a mark, and the air between it and its name. */
const [MARK, AIR] = [6, 4];

export const boxOf = (l: Label, size: number): Box => ({ left: l.x, top: l.y - size * 0.9, right: l.x + widthOf(l.text, size), bottom: l.y + size * 0.25 });
const apart = (a: Box, b: Box) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

/** Places the names in their order. `taken` is what they must not cover, and grows by them. */
export function labels(names: Named[], size: number, [wide, high]: Spot, taken: Box[]): Label[] {
  const out: Label[] = [];
  for (const name of names) {
    const free = candidates(name, size).find((c) => {
      const box = boxOf(c, size);
      return box.left >= 2 && box.right <= wide - 2 && box.top >= 2 && box.bottom <= high - 2 && taken.every((t) => apart(box, t));
    });
    if (!free) continue;
    out.push(free);
    taken.push(boxOf(free, size));
  }
  return out;
}

/** The places of a name, best first: right, left, above, below, then lines further up and down on both sides. */
function* places({ text, at: [x, y] }: Named, size: number): Generator<[x: number, y: number, away: boolean]> {
  const wide = widthOf(text, size);
  const [right, left, middle] = [x + MARK + AIR, x - MARK - AIR - wide, y + size * 0.35];
  yield [right, middle, false];
  yield [left, middle, false];
  yield [x - wide / 2, y - MARK - AIR, false];
  yield [x - wide / 2, y + MARK + AIR + size * 0.9, false];
  for (let line = 1; line <= 6; line++) {
    for (const dy of [-line, line].map((n) => n * size * 1.25)) {
      yield [right + 8, middle + dy, true];
      yield [left - 8, middle + dy, true];
    }
  }
}

const candidates = (name: Named, size: number): Label[] => [...places(name, size)].map(([x, y, away]) => ({ ...name, x, y, away }));

/** What a mark covers. */
export const markAt = ([x, y]: Spot): Box => ({ left: x - MARK, top: y - MARK, right: x + MARK, bottom: y + MARK });

/** Where the line from a mark to a name that stands away ends. */
export function foot(l: Label, size: number): Spot {
  const box = boxOf(l, size);
  return [l.at[0] < box.left ? box.left - 2 : box.right + 2, l.y - size * 0.35];
}

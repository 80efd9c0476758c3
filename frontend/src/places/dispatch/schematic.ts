import type { Place } from '../../api/types';

/** A place on the schematic; shift moves its name away from a neighbour's. */
export interface Spot {
  x: number;
  y: number;
  shift: number;
}

const WIDE = 400;
const HIGH = 240;
const EDGE = 30;

/** Places on a 400 x 240 sheet, north up, a degree of longitude shortened as in the middle of the points. Places without a point get none. */
export function draw(places: Place[]): (Spot | undefined)[] {
  const known = places.filter((p) => p.point && (p.point.lon || p.point.lat));
  if (!known.length) return places.map(() => undefined);
  const lats = known.map((p) => p.point!.lat);
  const squeeze = Math.cos((((Math.min(...lats) + Math.max(...lats)) / 2) * Math.PI) / 180);
  const xs = known.map((p) => p.point!.lon * squeeze);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.min(...lats), Math.max(...lats)];
  const scale = Math.min((WIDE - 2 * EDGE) / (right - left || 1), (HIGH - 2 * EDGE) / (high - low || 1));
  const taken: Spot[] = [];
  return places.map((p) => {
    if (!p.point || (!p.point.lon && !p.point.lat)) return undefined;
    const x = WIDE / 2 + (p.point.lon * squeeze - (left + right) / 2) * scale;
    const y = HIGH / 2 - (p.point.lat - (low + high) / 2) * scale;
    const near = taken.filter((s) => Math.abs(s.x - x) < 60 && Math.abs(s.y - y) < 14 && (s.x !== x || s.y !== y)).length;
    const spot = { x, y, shift: 4 + (near % 2 ? -14 : near ? 14 : 0) };
    taken.push(spot);
    return spot;
  });
}

// What is drawn of a run: the best cost over time.
import type { Run } from '../../api/shapes';

/** The best plan's cost at a moment of the run. */
export interface Point {
  seconds: number;
  fen: number;
  left: number; // loads that no truck carries yet
}

/** Adds what a run says now; what is as it was, or no plan yet, adds nothing. Told again from the start, it stays one line. */
export function fall(points: Point[], { progress: p }: Run): Point[] {
  if (!p.trucks) return points;
  const next = { seconds: Math.round(p.elapsed_ns / 1e8) / 10, fen: p.cost_fen, left: p.left_out };
  const last = points.at(-1);
  if (last && (next.seconds < last.seconds || (next.fen === last.fen && next.left === last.left))) return points;
  return [...points, next];
}

// The board of a plan: a row for every truck and one for what stays behind, and where each load can go.
import { items, type Goods, type Plan, type PlanOption, type PlannedTrip } from '../../api/shapes';

/** What rides of one load on one truck, or stays behind. It is moved as one. */
export interface Piece {
  key: string;
  load: string; // its allocation
  capacity: string; // the truck it is on, "" when it stays behind
  produce: string;
  grams: number;
  people: number;
  to: string;
  locked: boolean;
}

/** A truck with what it carries; the row without a capacity holds what stays behind. */
export interface PlanRow {
  capacity: string;
  plate: string;
  type: string;
  trip?: PlannedTrip;
  pieces: Piece[];
}

/** What stays behind first, then the trucks that drive by departure, then the idle ones by plate. */
export function planRows(plan: Plan, option: PlanOption): PlanRow[] {
  const loads = items(plan.loads);
  const piece = (index: number, capacity: string, goods: Pick<Goods, 'produce' | 'net_grams'>, people = 0, locked = false): Piece => ({
    key: capacity + '/' + loads[index]!.allocation, load: loads[index]!.allocation, capacity, produce: goods.produce, grams: goods.net_grams, people, to: loads[index]!.to.name || loads[index]!.to.adcode, locked,
  });
  const trips = [...items(option.trips)].sort((a, b) => Date.parse(a.depart_at) - Date.parse(b.depart_at) || a.plate.localeCompare(b.plate));
  const driving = new Set(trips.map((x) => x.capacity));
  const idle = items(plan.trucks).filter((x) => !driving.has(x.capacity)).sort((a, b) => a.plate.localeCompare(b.plate));
  const left = items(option.unserved).map((u) => piece(u.load, '', { produce: loads[u.load]!.goods.produce, net_grams: u.grams }, u.people));
  return [
    { capacity: '', plate: '', type: '', pieces: joined(left) },
    ...trips.map((trip) => ({ capacity: trip.capacity, plate: trip.plate, type: trip.type_name, trip, pieces: joined(items(trip.parts).map((p) => piece(p.load, trip.capacity, p.goods, p.people, p.locked || trip.locked))) })),
    ...idle.map((x) => ({ capacity: x.capacity, plate: x.plate, type: x.type_name, pieces: [] })),
  ];
}

/** One piece for all parts of a load. */
function joined(pieces: Piece[]): Piece[] {
  const all = new Map<string, Piece>();
  for (const p of pieces) {
    const have = all.get(p.key);
    all.set(p.key, have ? { ...have, grams: have.grams + p.grams, people: have.people + p.people } : p);
  }
  return [...all.values()];
}

/** The row `step` rows further that can take the piece: not its own, and no locked trip. The same row when there is none. */
export function nextRow(rows: PlanRow[], piece: Piece, from: string, step: 1 | -1): string {
  for (let i = rows.findIndex((r) => r.capacity === from) + step; i >= 0 && i < rows.length; i += step) {
    if (takes(rows[i]!, piece)) return rows[i]!.capacity;
  }
  return from;
}

/** Whether the piece can be put into the row at all; what it breaks there is the server's to say. */
export const takes = (row: PlanRow, piece: Piece) => row.capacity !== piece.capacity && !row.trip?.locked;

/** Share of the board's width at which an instant lies, in percent. */
export function place(rows: PlanRow[]): (instant: string) => number {
  const trips = rows.flatMap((r) => (r.trip ? [r.trip] : []));
  const first = Math.min(...trips.map((x) => Date.parse(x.depart_at)));
  const last = Math.max(...trips.map((x) => Date.parse(x.done_at)));
  return (instant) => (last > first ? ((Date.parse(instant) - first) / (last - first)) * 100 : 0);
}

// A truck's papers by how long they still hold. Days are China's; a paper holds on its last day.

export type Holds = 'over' | 'soon' | 'well';

/** So many days before its end a paper is called soon over. */
const SOON = 30;
const DAY = 24 * 3600 * 1000;

export function holds(until: string, now: number): Holds {
  const left = Date.parse(until + 'T24:00:00+08:00') - now;
  if (left <= 0) return 'over';
  return left <= SOON * DAY ? 'soon' : 'well';
}

/** Kinds of papers the rules ask for on every day of a trip. */
export const kinds = ['road_permit', 'inspection', 'insurance', 'driver_licence', 'carrier_licence', 'qualification'] as const;

/** The papers with one of them written anew; one of the same kind gives way. */
export const renewed = <P extends { kind: string }>(papers: P[], next: P): P[] => [...papers.filter((p) => p.kind !== next.kind), next];

// Axes: a value's place on the sheet, and round numbers to write beside it.

/** A straight scale from values to places. A span of no width maps to the middle. */
export function scale([low, high]: [number, number], [from, to]: [number, number]): (value: number) => number {
  return (value) => (high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from));
}

/** About `count` round steps (1, 2 or 5 times a power of ten) that cover low to high. */
export function ticks(low: number, high: number, count = 4): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
  const out: number[] = [];
  for (let n = Math.floor(low / size); n * size < high + size; n++) out.push(Number((n * size).toPrecision(12)));
  return out;
}

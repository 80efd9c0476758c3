import { expect, it } from 'vitest';
import { provinces } from './dots';
import { boxOf, labels, markAt, type Box, type Label } from './labels';
import { fit, type Spot } from './project';

const cover = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const pairs = (all: Label[], size: number) => all.flatMap((a, i) => all.slice(i + 1).filter((b) => cover(boxOf(a, size), boxOf(b, size))).map((b) => [a.text, b.text]));

it.each([[0, 640, 480], [1, 640, 480], [0, 1300, 520], [0, 306, 230], [1, 306, 230]] as const)('writes the provinces (language %d) on %d × %d without covering one by another', (lang, wide, high) => {
  const project = fit([], [wide, high]);
  const out = labels(provinces.map((p) => ({ text: p[lang], at: project(p[2], p[3]) })), 12, [wide, high], []);
  expect(pairs(out, 12)).toEqual([]);
  if (wide > 600) expect(out).toHaveLength(34); // the Pearl River's mouth and the Yangtze's too
});

it('writes hospitals next to each other apart from each other and from their marks, and says which stand away', () => {
  const at: Spot[] = [[500, 300], [504, 303], [507, 299], [501, 297], [505, 305]];
  const names = ['协和医院', '中南医院', '江岸医院', '金银潭医院', '同济医院'].map((text, i) => ({ text, at: at[i]! }));
  const out = labels(names, 14, [640, 480], at.map(markAt));
  expect(out.map((l) => l.text)).toEqual(names.map((n) => n.text));
  expect(pairs(out, 14)).toEqual([]);
  for (const label of out) for (const mark of at) expect(cover(boxOf(label, 14), markAt(mark)), label.text).toBe(false);
  expect(out.filter((l) => l.away).length).toBeGreaterThan(0);
});

it('leaves out a name for which there is no room, and writes none over the edge', () => {
  const out = labels(Array.from({ length: 80 }, (_, i) => ({ text: `医院${i}`, at: [295, 100] as Spot })), 14, [306, 230], [markAt([295, 100])]);
  expect(out.length).toBeGreaterThan(4);
  expect(out.length).toBeLessThan(80);
  for (const label of out) {
    const box = boxOf(label, 14);
    expect(box.left >= 0 && box.right <= 306 && box.top >= 0 && box.bottom <= 230).toBe(true);
  }
});

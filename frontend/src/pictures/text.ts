/** How wide a text is drawn, in pixels: a Chinese character is as wide as high, a Latin letter about 0.58 of that. */
export function widthOf(text: string, size: number): number {
  return [...text].reduce((sum, c) => sum + (c > '\u2e7f' ? 1 : 0.58), 0) * size;
}

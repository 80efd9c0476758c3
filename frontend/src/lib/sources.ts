/** A source of up to so many signs stands as it is: two lines of a phone. */
const SHORT = 40;
/** Who says it has room for so many signs beside the fold's own word. */
const NAME = 26;

/** A line on a phone holds half as many Chinese signs as letters. */
const width = (text: string) => [...text].reduce((n, sign) => n + (sign > '\u2e80' ? 2 : 1), 0);

/**
 * What of a source is shown before it is unfolded: all of a short one, else who says it, which stands first; '' where that alone is
 * long, or where it begins with what is said ("storage: X", "2.30 yuan/kg").
 */
export function saidBy(text: string): string {
  if (width(text) <= SHORT) return text;
  const clause = text.split(/[;；]/)[0]!;
  const first = clause.split(/[,(，（]/)[0]!.trim();
  return /[:：]|^\d/.test(clause) || width(first) > NAME ? '' : first;
}

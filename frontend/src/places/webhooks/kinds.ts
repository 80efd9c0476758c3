// What a webhook hears: a whole family ("order.*"), or single kinds of it ("order.confirm").

export const families = ['order', 'trip', 'demand', 'offer', 'campaign'] as const;

/** The kinds of a family, of all that the server lists. */
export const kindsOf = (family: string, kinds: string[]) => kinds.filter((kind) => kind.startsWith(family + '.'));

/** What is chosen after a family is taken whole or left: single kinds of it are no longer needed. */
export function whole(chosen: string[], family: string, on: boolean): string[] {
  const rest = chosen.filter((kind) => !kind.startsWith(family + '.'));
  return on ? [...rest, family + '.*'] : rest;
}

/** What is chosen after one kind is taken or left: a family that was whole falls into its kinds first. */
export function single(chosen: string[], kind: string, on: boolean, kinds: string[]): string[] {
  const family = kind.split('.')[0]!;
  const all = chosen.includes(family + '.*') ? [...whole(chosen, family, false), ...kindsOf(family, kinds)] : chosen;
  const rest = all.filter((k) => k !== kind);
  return on ? [...rest, kind] : rest;
}

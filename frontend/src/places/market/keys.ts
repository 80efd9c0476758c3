// The list by keyboard: j and k walk, x ticks for the comparison, / asks anew, ? tells of the keys. Enter is the browser's own.

/** What a key does to the list, or nothing: keys typed into a field, and those with Ctrl, Alt or Meta, are left alone. */
export function actOf(event: KeyboardEvent): 'next' | 'back' | 'pick' | 'ask' | 'help' | undefined {
  const target = event.target as HTMLElement | null;
  if (event.ctrlKey || event.altKey || event.metaKey || (target && /INPUT|SELECT|TEXTAREA/.test(target.tagName ?? ''))) return undefined;
  return ({ j: 'next', k: 'back', x: 'pick', '/': 'ask', '?': 'help' } as const)[event.key as 'j'];
}

/** A comma list with one id put in or taken out; no more than four are compared. */
export function toggled(list: string, id: string): string {
  const have = list.split(',').filter(Boolean);
  return (have.includes(id) ? have.filter((v) => v !== id) : [...have, id].slice(-4)).join(',');
}

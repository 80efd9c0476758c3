// Nothing typed is lost: a form's values are kept on the device at every change and are there again after a reload,
// a lost session or the back button, until the form went through. Each person on a shared phone has their own.

import { session } from './session.svelte';

/** The part of localStorage a draft needs; tests bring their own. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What was kept under this name over the empty form; fields the form does not know are dropped. */
export function restore<T extends object>(shelf: Shelf | null, name: string, empty: T): T {
  const out = { ...empty };
  try {
    const kept = JSON.parse(shelf?.getItem(name) ?? 'null');
    if (!kept || typeof kept !== 'object') return out;
    for (const key of Object.keys(empty) as (keyof T)[]) {
      if (typeof kept[key] === typeof empty[key] && Array.isArray(kept[key]) === Array.isArray(empty[key])) out[key] = kept[key];
    }
  } catch {
    // What can't be read is as good as no draft.
  }
  return out;
}

/** Keeps the values, or forgets them when the form is as empty as at first. A full device keeps nothing and says false. */
export function keep<T extends object>(shelf: Shelf | null, name: string, value: T, empty: T): boolean {
  try {
    if (JSON.stringify(value) === JSON.stringify(empty)) shelf?.removeItem(name);
    else shelf?.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function shelf(): Shelf | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** A form's values that outlive the page. Call it while a component starts. */
export class Draft<T extends object> {
  value: T = $state({} as T);
  readonly restored: boolean;
  private done = false;
  private touched = false; // what a form fills in by itself, nobody typed

  private readonly key: string;

  constructor(name: string, private empty: T) {
    this.key = `draft:${session.me?.user ?? ''}:${name}`;
    const first = restore(shelf(), this.key, empty);
    this.value = first;
    this.restored = JSON.stringify(first) !== JSON.stringify(empty);
    $effect(() => {
      const touch = () => (this.touched = true);
      for (const act of ['input', 'click']) addEventListener(act, touch, true);
      return () => {
        for (const act of ['input', 'click']) removeEventListener(act, touch, true);
      };
    });
    $effect(() => {
      const now = $state.snapshot(this.value) as T;
      if (this.touched && !this.done) keep(shelf(), this.key, now, this.empty);
    });
  }

  /** The form went through: the draft is no longer needed. */
  clear() {
    this.done = true;
    shelf()?.removeItem(this.key);
  }

  /** Back to the empty form, to be filled again. */
  reset() {
    this.value = { ...this.empty };
  }
}

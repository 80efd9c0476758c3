// The answers that came with the page, in its own block of data (server/web/first.go): what a page asks first need not be asked
// over a slow network. Each is taken once. None outlives the first act or half a minute, for then it may be old.

import { learn } from '../lib/time';

const HALF_MINUTE = 30_000;

interface Told {
  lang: string;
  date: string;
  answers: Record<string, { status: number; body: unknown }>;
}

export class First {
  #told: Told | null;

  constructor(block: string | null | undefined, private age: () => number = () => performance.now()) {
    this.#told = block ? JSON.parse(block) : null;
    learn(this.#told?.date ?? null);
  }

  /** The answer to a question, or nothing when it must be asked. */
  take(method: string, url: string): { status: number; ok: boolean; data: unknown } | undefined {
    if (method !== 'get' || this.age() > HALF_MINUTE) this.#told = null;
    const found = this.#told?.answers[url];
    if (!found || (this.#told!.lang === 'en') !== (document.documentElement.lang === 'en')) return;
    delete this.#told!.answers[url];
    return { status: found.status, ok: found.status < 300, data: found.body };
  }
}

export const first = new First(globalThis.document?.getElementById('first')?.textContent);

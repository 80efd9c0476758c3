// How many notices wait to be read. The bell shows the number, the page of notices changes it.

import { get, post } from '../api/server';
import { session } from './session.svelte';

class Unread {
  n = $state(0);
  #marked = 0; // how often notices were marked as read

  /** Asks the server; without a network the number stays as it was. What was asked before a mark is older than the mark. */
  async ask() {
    if (!session.me) return;
    const marked = this.#marked;
    try {
      const { unread: n } = await get('/notices', { query: { unread: true, limit: 1 } });
      if (marked === this.#marked) this.n = n;
    } catch {
      // The bell is no place for trouble: the page behind it says what is wrong.
    }
  }

  /** Marks notices as read; without ids, all. */
  async read(ids?: string[], key?: string) {
    const { unread: n } = await post('/notices/read', { body: { ids } }, key);
    this.#marked++;
    this.n = n;
  }
}

export const unread = new Unread();

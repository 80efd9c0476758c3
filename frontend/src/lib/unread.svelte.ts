// How many notices wait to be read. The bell shows the number, the page of notices changes it.

import { get, post } from '../api/server';
import { Latest } from './latest';
import { session } from './session.svelte';

class Unread {
  n = $state(0);
  #asked = new Latest();

  /** Asks the server; without a network the number stays as it was: the bell is no place for trouble, the page behind it says what is wrong. */
  async ask() {
    if (!session.me) return;
    await this.#asked.ask(get('/notices', { query: { unread: true, limit: 1 } }), (notices) => (this.n = notices.unread));
  }

  /** Marks notices as read; without ids, all. What was asked before is older, and of two marks the later answer need not be the newer: it asks anew. */
  async read(ids?: string[], key?: string) {
    await post('/notices/read', { body: { ids } }, key);
    await this.ask();
  }
}

export const unread = new Unread();

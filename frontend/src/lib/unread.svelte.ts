// How many notices wait to be read. The bell shows the number, the page of notices changes it.

import { get, post } from '../api/server';
import { session } from './session.svelte';

class Unread {
  n = $state(0);

  /** Asks the server; without a network the number stays as it was. */
  async ask() {
    if (!session.me) return;
    try {
      this.n = (await get('/notices', { query: { unread: true, limit: 1 } })).unread;
    } catch {
      // The bell is no place for trouble: the page behind it says what is wrong.
    }
  }

  /** Marks notices as read; without ids, all. */
  async read(ids?: string[], key?: string) {
    this.n = (await post('/notices/read', { body: { ids } }, key)).unread;
  }
}

export const unread = new Unread();

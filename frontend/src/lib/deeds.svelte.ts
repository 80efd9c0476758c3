// The device's outbox as pages see it: what waits, what was refused, and one sender at a time.

import { actKey, post } from '../api/client';
import { session } from './session.svelte';
import { deviceShelf, flush, type Deed, type Shelf } from './outbox';
import { actedAt } from './time';

class Deeds {
  list = $state<Deed[]>([]);
  sending = $state(false);
  /** Grows with every act that reached the server, so that pages read again. */
  arrived = $state(0);
  private shelf: Promise<Shelf> | null = null;

  constructor() {
    if (typeof window === 'undefined') return;
    addEventListener('online', () => this.send());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.send());
    setInterval(() => this.list.some((d) => !d.refused) && this.send(), 30_000);
  }

  private open() {
    return (this.shelf ??= deviceShelf());
  }

  private async read() {
    const user = session.me?.user;
    this.list = (await (await this.open()).all()).filter((d) => d.user === user);
  }

  /** What waits about one subject. */
  of(subject: string): Deed[] {
    return this.list.filter((d) => d.subject === subject);
  }

  /** Writes the act down on the device and tries to send it. It is done once it is written. */
  async do(subject: string, path: string, body: Record<string, unknown>) {
    const key = actKey();
    const at = actedAt();
    const whole = { client_id: key, acted_at: at, ...body };
    await (await this.open()).add({ user: session.me?.user ?? '', subject, path, key, body: whole, actedAt: at });
    await this.read();
    await this.send();
  }

  async send() {
    if (this.sending || !session.me) return;
    this.sending = true;
    try {
      const shelf = await this.open();
      const user = session.me.user;
      const work = () => flush(shelf, user, post);
      const round = await (navigator.locks ? navigator.locks.request('outbox', work) : work());
      await this.read();
      this.arrived += round.sent;
    } finally {
      this.sending = false;
    }
  }

  /** The person read the refusal and gives the act up. */
  async drop(deed: Deed) {
    await (await this.open()).remove(deed.id);
    await this.read();
    await this.send();
  }
}

export const deeds = new Deeds();

// The device's outbox as pages see it: what waits, what was refused, and one sender at a time.

import { actKey, resend } from '../api/server';
import { deedShelf } from './device';
import { flush, type Deed, type Form, type Shelf } from './outbox';
import { forget, isLocal, uploaded } from './photos';
import { go } from './router.svelte';
import { session } from './session.svelte';
import { actedAt } from './time';

class Deeds {
  list = $state<Deed[]>([]);
  sending = $state(false);
  /** Grows with every act that reached the server, so that pages read again. */
  arrived = $state(0);
  /** Paths of acts that reached the server since this page was opened: a page that has not read again yet counts them as done. */
  gone = $state<string[]>([]);
  /** Grows with every act that went back into its form, so that a form in sight is filled anew. */
  mended = $state(0);
  private shelf: Promise<Shelf> | null = null;
  private asked = false;

  constructor() {
    if (typeof window === 'undefined') return;
    addEventListener('online', () => this.send());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.send());
    setInterval(() => this.list.some((d) => !d.refused) && this.send(), 30_000);
  }

  private open() {
    return (this.shelf ??= deedShelf());
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
  async do(subject: string, path: string, body: Record<string, unknown>, more: { key?: string; form?: Form } = {}) {
    const key = more.key ?? actKey();
    const at = actedAt();
    const whole = { client_id: key, acted_at: at, ...body };
    await (await this.open()).add({ user: session.me?.user ?? '', subject, path, key, body: whole, actedAt: at, form: more.form });
    await this.read();
    void this.send();
  }

  /** Sends what waits. Who asks while it is under way is served by another round. */
  async send() {
    this.asked = true;
    if (this.sending || !session.me) return;
    this.sending = true;
    try {
      while (this.asked) {
        this.asked = false;
        await this.round();
      }
    } finally {
      this.sending = false;
    }
  }

  private async round() {
    const shelf = await this.open();
    await this.read(); // what waits is shown before a slow network has failed
    const user = session.me?.user ?? '';
    const work = () => flush(shelf, user, (path, body, key) => this.one(path, body, key));
    const round = await (navigator.locks ? navigator.locks.request('outbox', work) : work());
    await this.read();
    this.arrived += round.sent;
  }

  private async one(path: string, body: unknown, key: string) {
    await sendWithPhoto(path, body, key);
    this.gone = [...this.gone, path];
  }

  /** The refused act goes back into its form, to be mended. */
  async mend(deed: Deed) {
    if (!deed.form) return;
    localStorage.setItem(`draft:${deed.user}:${deed.form.draft}`, JSON.stringify(deed.form.value));
    await this.drop(deed);
    this.mended++;
    go(deed.form.page);
  }

  /** The person read the refusal and gives the act up. */
  async drop(deed: Deed) {
    await (await this.open()).remove(deed.id);
    await this.read();
    await this.send();
  }
}

export const deeds = new Deeds();

/** A photo the act speaks of goes up first; then the act goes with its name. */
async function sendWithPhoto(path: string, body: unknown, key: string) {
  const { photo } = body as { photo?: string };
  if (!isLocal(photo)) return resend(path, body, key);
  const id = await uploaded(photo);
  const answer = await resend(path, { ...(body as object), photo: id || undefined }, key);
  await forget(photo);
  return answer;
}

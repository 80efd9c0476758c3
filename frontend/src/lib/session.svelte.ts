// Who is signed in. The server keeps the session in a cookie that no script can read; here is only what it says of it,
// kept on the device so that a page opens without a network.

import { get, onSignedOut, post, Problem, remove } from '../api/server';
import { items, type Me } from '../api/shapes';
import { Latest } from './latest';

/** Who may post needs and sign for goods in the name of its party; the server's table of acts says the same. */
export const receivers = ['receiver', 'buyer'];

class Session {
  me = $state<Me | null>(null);
  known = $state(false);

  #asked = new Latest();
  #loading = Promise.resolve();

  constructor() {
    // The answer that says so may be older than a sign-in: the server is asked.
    onSignedOut(() => void this.load());
  }

  /** Asks who is signed in; done when the newest answer is there. */
  load(): Promise<void> {
    return (this.#loading = this.#read());
  }

  async #read() {
    const counted = await this.#asked.ask(get('/me'), (me) => this.#keep(me), (e) => {
      if (e instanceof Problem && e.again && e.status !== 401) this.me = JSON.parse(localStorage.getItem('me') ?? 'null');
      else this.#keep(null);
    });
    if (!counted) return this.#loading;
    this.known = true;
  }

  async signIn(login: string, password: string) {
    await post('/session', { body: { login, password } });
    await this.load();
  }

  async signOut() {
    await remove('/session');
    this.#keep(null);
    await this.load();
  }

  #keep(me: Me | null) {
    this.me = me;
    if (me) localStorage.setItem('me', JSON.stringify(me));
    else localStorage.removeItem('me');
  }

  /** The first party in which the person has one of these roles, or "" for the whole platform; null without them. */
  party(...roles: string[]): string | null {
    return items(this.me?.grants).find((grant) => roles.includes(grant.role))?.party ?? null;
  }

  /** The parties the person may act for, own ones first, then those of mandates. */
  parties(...roles: string[]): { id: string; name: string }[] {
    const own = items(this.me?.grants).filter((g) => g.party && (!roles.length || roles.includes(g.role)));
    const lent = items(this.me?.mandates).filter((m) => !m.state || m.state === 'active');
    const all = [
      ...own.map((g) => ({ id: g.party, name: g.party_name || g.party })),
      ...lent.map((m) => ({ id: m.principal, name: m.principal_name || m.principal })),
    ];
    return all.filter((p, i) => all.findIndex((q) => q.id === p.id) === i);
  }

  /** Whether the person takes goods in for a party, and speaks of its needs: as its receiver, or as who buys for it. */
  receives(party: string): boolean {
    return this.parties(...receivers).some((p) => p.id === party);
  }

  has(...roles: string[]): boolean {
    return items(this.me?.grants).some((grant) => roles.includes(grant.role));
  }
}

export const session = new Session();

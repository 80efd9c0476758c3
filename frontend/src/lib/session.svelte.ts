// Who is signed in. The server keeps the session in a cookie that no script can read; here is only what it says of it.

import { get, post, remove } from '../api/client';

export interface Grant {
  role: string;
  party: string;
}

export interface Me {
  user: string;
  name: string;
  lang: string;
  grants: Grant[];
}

class Session {
  me = $state<Me | null>(null);
  known = $state(false);

  async load() {
    try {
      this.me = await get<Me>('/me');
    } catch {
      this.me = null;
    }
    this.known = true;
  }

  async signIn(login: string, password: string) {
    await post('/session', { login, password });
    await this.load();
  }

  async signOut() {
    await remove('/session');
    this.me = null;
  }

  /** The first party in which the person has this role, or "" for the whole platform; null without the role. */
  party(role: string): string | null {
    return this.me?.grants.find((grant) => grant.role === role)?.party ?? null;
  }

  has(...roles: string[]): boolean {
    return !!this.me?.grants.some((grant) => roles.includes(grant.role));
  }
}

export const session = new Session();

// Acts done without a network: kept on the device with the moment they were done, sent once and in order when the
// network is back. What the server refuses stays and is shown; it is never swallowed.

import { Problem } from '../api/server';

/** One act of a person that the server has yet to hear of. */
export interface Deed {
  id: number;
  user: string;
  /** Deeds of one subject (a trip) wait for each other; those of others don't. */
  subject: string;
  path: string;
  /** The idempotency key and, in the body, the act's client_id: the same at every try. */
  key: string;
  body: Record<string, unknown>;
  actedAt: string;
  /** The server's sentence, when it refused. */
  refused?: string;
  /** What was typed, so that a refused act can be mended. */
  form?: Form;
}

/** A form as it was filled in: its page, the name of its draft, and the values. */
export interface Form {
  page: string;
  draft: string;
  value: object;
}

/** Where deeds are kept. */
export interface Shelf {
  add(deed: Omit<Deed, 'id'>): Promise<number>;
  all(): Promise<Deed[]>;
  put(deed: Deed): Promise<void>;
  remove(id: number): Promise<void>;
}

export type Send = (path: string, body: unknown, key: string) => Promise<unknown>;

/** What a round of sending came to. */
export interface Round {
  sent: number;
  refused: number;
  waiting: number;
}

/** Subjects with a refused deed: what came after it waits until that one is mended or dropped. */
export const held = (deeds: Deed[]) => new Set(deeds.filter((d) => d.refused).map((d) => d.subject));

/**
 * Sends what waits for this user, oldest first. A network that fails ends the round; a refusal holds back later
 * deeds of the same subject, because they were done on the belief that it went through.
 */
export async function flush(shelf: Shelf, user: string, send: Send): Promise<Round> {
  const round: Round = { sent: 0, refused: 0, waiting: 0 };
  const deeds = (await shelf.all()).filter((d) => d.user === user).sort((a, b) => a.id - b.id);
  const stuck = held(deeds);
  let cut = false;
  for (const deed of deeds) {
    if (deed.refused) {
      round.refused++;
      continue;
    }
    if (cut || stuck.has(deed.subject)) {
      round.waiting++;
      continue;
    }
    try {
      await send(deed.path, deed.body, deed.key);
      await shelf.remove(deed.id);
      round.sent++;
    } catch (e) {
      if (!(e instanceof Problem) || e.again) {
        cut = true;
        round.waiting++;
        continue;
      }
      await shelf.put({ ...deed, refused: e.detail || String(e.status) });
      stuck.add(deed.subject);
      round.refused++;
    }
  }
  return round;
}

/** A shelf in memory: for tests, and for browsers that refuse a database. */
export function memoryShelf(): Shelf {
  let next = 1;
  const rows = new Map<number, Deed>();
  return {
    add: async (deed) => {
      rows.set(next, { ...deed, id: next });
      return next++;
    },
    all: async () => [...rows.values()],
    put: async (deed) => void rows.set(deed.id, deed),
    remove: async (id) => void rows.delete(id),
  };
}

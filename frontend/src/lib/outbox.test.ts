import { describe, expect, it } from 'vitest';
import { Problem } from '../api/server';
import { flush, memoryShelf, type Deed } from './outbox';

const deed = (path: string, subject = 'trip1', user = 'u1'): Omit<Deed, 'id'> => ({
  user, subject, path, key: 'key-' + path, body: { client_id: 'key-' + path }, actedAt: '2020-02-03T14:00:00+08:00',
});

async function filled(...deeds: Omit<Deed, 'id'>[]) {
  const shelf = memoryShelf();
  for (const d of deeds) await shelf.add(d);
  return shelf;
}

describe('the outbox', () => {
  it('sends once and in order, with the key each act was born with', async () => {
    const shelf = await filled(deed('/arrive'), deed('/load'), deed('/depart'));
    const seen: string[] = [];
    const send = async (path: string, _: unknown, key: string) => void seen.push(path + ' ' + key);
    expect(await flush(shelf, 'u1', send)).toEqual({ sent: 3, refused: 0, waiting: 0 });
    expect(seen).toEqual(['/arrive key-/arrive', '/load key-/load', '/depart key-/depart']);
    expect(await flush(shelf, 'u1', send)).toEqual({ sent: 0, refused: 0, waiting: 0 });
    expect(seen).toHaveLength(3);
  });

  it('keeps everything when the network fails midway, and goes on from there', async () => {
    const shelf = await filled(deed('/arrive'), deed('/load'), deed('/depart'));
    let up = 1;
    const seen: string[] = [];
    const send = async (path: string) => {
      if (up-- <= 0) throw new Problem(0, 'offline', '', '');
      seen.push(path);
    };
    expect(await flush(shelf, 'u1', send)).toEqual({ sent: 1, refused: 0, waiting: 2 });
    up = 9;
    expect(await flush(shelf, 'u1', send)).toEqual({ sent: 2, refused: 0, waiting: 0 });
    expect(seen).toEqual(['/arrive', '/load', '/depart']);
  });

  it('keeps what the server could not do or did not let in yet', async () => {
    for (const status of [500, 503, 401, 429]) {
      const shelf = await filled(deed('/load'));
      await flush(shelf, 'u1', async () => { throw new Problem(status, '', '', ''); });
      expect((await shelf.all())[0]?.refused, String(status)).toBeUndefined();
    }
  });

  it('shows a refusal, holds back what was built on it, and lets other trips go', async () => {
    const shelf = await filled(deed('/load'), deed('/depart'), deed('/arrive', 'trip2'));
    const send = async (path: string) => {
      if (path === '/load') throw new Problem(409, 'conflict', '只剩 12 公斤。', 'lines');
    };
    expect(await flush(shelf, 'u1', send)).toEqual({ sent: 1, refused: 1, waiting: 1 });
    expect((await shelf.all()).map((d) => [d.path, d.refused])).toEqual([['/load', '只剩 12 公斤。'], ['/depart', undefined]]);
    expect(await flush(shelf, 'u1', send)).toEqual({ sent: 0, refused: 1, waiting: 1 });
  });

  it('never sends another person\'s acts from a shared phone', async () => {
    const shelf = await filled(deed('/load', 'trip1', 'u2'));
    expect(await flush(shelf, 'u1', async () => {})).toEqual({ sent: 0, refused: 0, waiting: 0 });
    expect(await shelf.all()).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { Latest } from './latest';

/** A question whose answer comes when the test says so. */
function question() {
  let tell!: (answer: string) => void;
  let fail!: (trouble: Error) => void;
  const asked = new Promise<string>((yes, no) => ([tell, fail] = [yes, no]));
  return { asked, tell, fail };
}

describe('of several questions', () => {
  it('the answer to the last counts, in whatever order they come', async () => {
    const latest = new Latest();
    const seen: string[] = [];
    const [older, newer] = [question(), question()];
    const counted = [older, newer].map((q) => latest.ask(q.asked, (a) => seen.push(a)));
    newer.tell('newer');
    older.tell('older');
    expect(await Promise.all(counted)).toEqual([false, true]);
    expect(seen).toEqual(['newer']);
  });

  it('the trouble of an older one is no trouble', async () => {
    const latest = new Latest();
    const seen: unknown[] = [];
    const take = (answer: unknown) => seen.push(answer);
    const [older, newer] = [question(), question()];
    const counted = [older, newer].map((q) => latest.ask(q.asked, take, take));
    older.fail(new Error('no network'));
    newer.tell('newer');
    await Promise.all(counted);
    expect(seen).toEqual(['newer']);
  });

  it('none counts after something newer is known', async () => {
    const latest = new Latest();
    const q = question();
    const counted = latest.ask(q.asked, () => expect.unreachable());
    latest.forget();
    q.tell('old');
    expect(await counted).toBe(false);
  });

  it('what goes wrong in taking an answer is not taken for the answer’s trouble', async () => {
    const take = () => {
      throw new Error('a fault of the page');
    };
    await expect(new Latest().ask(Promise.resolve(1), take, () => expect.unreachable())).rejects.toThrow('a fault of the page');
  });
});

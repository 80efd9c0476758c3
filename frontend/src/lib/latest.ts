// Answers come in any order. Of several questions about one thing only the answer to the last counts; an older one is
// dropped, and so is its trouble. Whoever keeps what the server says asks through one of these; <Load> does.

export class Latest {
  #turn = 0;

  /** Gives the answer to `take`, or what went wrong to `fail`, unless something newer was asked meanwhile; says whether it counted. */
  async ask<T>(asked: Promise<T>, take: (answer: T) => void, fail: (trouble: unknown) => void = () => {}): Promise<boolean> {
    const mine = ++this.#turn;
    const tell = await asked.then((answer) => () => take(answer), (trouble) => () => fail(trouble));
    if (mine !== this.#turn) return false;
    tell();
    return true;
  }

  /** What was asked so far no longer counts: something newer is known, or nobody looks any more. */
  forget() {
    this.#turn++;
  }
}

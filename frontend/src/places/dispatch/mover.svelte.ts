// One load in a dispatcher's hand: where it would go, what that costs and breaks, and putting it down there.
import { actKey, post, Problem } from '../../api/server';
import { items, type Plan, type Tried } from '../../api/shapes';
import type { Piece } from './moves';

/** How long a hand rests over a truck before the server is asked, in milliseconds. */
const REST = 120;

export class Mover {
  held = $state.raw<Piece | null>(null);
  /** The truck it is over; "" is off all trucks, null nowhere yet. */
  over = $state<string | null>(null);
  tried = $state.raw<Tried | null>(null);
  problem = $state.raw<unknown>(null);
  busy = $state(false);
  private turn = 0;
  private later = 0;
  private key = actKey();

  constructor(
    private plan: string,
    private option: string,
    private done: (plan: Plan, where: string) => void,
  ) {}

  /** The rules that need a reason where it is now. */
  get stops() {
    return items(this.tried?.broken).filter((c) => c.stops);
  }

  take(piece: Piece) {
    this.leave();
    this.held = piece;
  }

  leave() {
    this.held = null;
    this.aim(null);
  }

  /** Holds it over a truck and asks what that would lead to. */
  aim(capacity: string | null) {
    clearTimeout(this.later);
    this.turn++;
    this.over = capacity;
    this.tried = this.problem = null;
    this.key = actKey();
    if (this.held && capacity !== null && capacity !== this.held.capacity) this.later = window.setTimeout(() => this.ask(this.turn), REST);
  }

  private async ask(turn: number) {
    try {
      const tried = await post('/plans/{id}/try', { path: { id: this.plan }, body: this.body() });
      if (turn === this.turn) this.tried = tried;
    } catch (e) {
      if (turn === this.turn) this.problem = e;
    }
  }

  /** Puts it down. Only what has been shown can be put down, and only with a reason where a rule asks for one. */
  async drop(reason = '') {
    if (!this.held || !this.tried || this.busy || (this.stops.length && !reason)) return;
    const [where, load] = [this.over!, this.held.load];
    this.busy = true;
    try {
      const plan = await post('/plans/{id}/move', { path: { id: this.plan }, body: { ...this.body(), ...(reason && { reason }) } }, this.key);
      this.leave();
      this.done(plan, where + '/' + load);
    } catch (e) {
      this.problem = e;
      if (e instanceof Problem && !e.again) this.key = actKey();
    }
    this.busy = false;
  }

  private body() {
    const { load, capacity } = this.held!;
    return { option: this.option, load, ...(capacity && { from: capacity }), ...(this.over && { to: this.over }), position: -1 };
  }
}

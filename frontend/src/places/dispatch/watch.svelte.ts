// Watches a run of the planner by server-sent events. The run goes on without anybody watching: a cut line is taken up again.
import { get, Problem } from '../../api/server';
import type { Run } from '../../api/shapes';
import { Latest } from '../../lib/latest';
import { fall, type Point } from './run';

/** How long to wait before a line is opened again that the server refused, in milliseconds. */
const PAUSE = 2000;

export class Watch {
  run = $state.raw<Run | null>(null);
  points = $state.raw<Point[]>([]);
  /** The line is cut; what is shown is old. */
  cut = $state(false);
  problem = $state.raw<unknown>(null);
  private line: EventSource | null = null;
  private later = 0;
  private asked = new Latest();

  constructor(readonly id: string) {}

  /** Opens the line; what it gives closes it. */
  follow = (): (() => void) => {
    this.open();
    return () => this.close();
  };

  close() {
    clearTimeout(this.later);
    this.asked.forget();
    this.line?.close();
  }

  private open() {
    const line = (this.line = new EventSource(`/api/plan-runs/${encodeURIComponent(this.id)}/events`));
    line.addEventListener('run', (event) => this.told(JSON.parse((event as MessageEvent<string>).data)));
    // The browser opens a cut line again by itself, a refused one it gives up.
    line.onerror = () => {
      this.cut = true;
      if (line.readyState === EventSource.CLOSED) this.ask();
    };
  }

  private told(run: Run) {
    this.cut = false;
    this.problem = null;
    this.run = run;
    this.points = fall(this.points, run);
    if (run.state === 'planning') return;
    this.close();
    if (run.state === 'failed') this.ask(); // the sentence in the reader's language
  }

  /** Asks once without the line: why was it refused, and is it worth opening again? */
  private ask() {
    this.asked.ask(get('/plan-runs/{id}', { path: { id: this.id } }), (run) => {
      this.run = run;
      if (run.state === 'planning') this.later = window.setTimeout(() => this.open(), PAUSE);
      else this.cut = false;
    }, (e) => {
      this.problem = e;
      if (e instanceof Problem && e.again && e.status !== 401) this.later = window.setTimeout(() => this.ask(), PAUSE);
    });
  }
}

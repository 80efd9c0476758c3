// Dragging a piece of the board with a mouse or a pen. A finger scrolls; it takes a piece by a tap instead.

export interface Hand {
  begin: (key: string) => void;
  /** The row under the pointer, null when it is over none. */
  over: (row: string | null) => void;
  end: () => void;
  cancel: () => void;
}

/** A press that moves less than this is a click, in pixels. */
const SLACK = 6;
/** So near to the edge of the rows, in pixels, they scroll. */
const EDGE = 40;

export class Drag {
  on = false;
  private just = false;
  private frame = 0;
  private at: [x: number, y: number] = [0, 0];

  constructor(private hand: Hand) {}

  /** Whether the click that comes now is the end of a drag; told once. */
  clicked(): boolean {
    const was = this.just;
    this.just = false;
    return was;
  }

  press(event: PointerEvent, key: string, ghost: HTMLElement) {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const rows = (event.currentTarget as HTMLElement).closest<HTMLElement>('.rows')!;
    const from = [event.clientX, event.clientY] as const;
    const move = (e: PointerEvent) => {
      this.at = [e.clientX, e.clientY];
      if (!this.on && Math.hypot(e.clientX - from[0], e.clientY - from[1]) < SLACK) return;
      if (!this.on) {
        this.on = true;
        this.hand.begin(key);
        ghost.hidden = false;
      }
      this.frame ||= requestAnimationFrame(() => this.draw(ghost, rows));
    };
    const up = () => this.stop(ghost, true, forget);
    const cancel = () => this.stop(ghost, false, forget);
    const escape = (e: KeyboardEvent) => e.key === 'Escape' && cancel();
    // Heard at the window: a quick hand has left the piece before its first move is told.
    const forget = () => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', up);
      removeEventListener('pointercancel', cancel);
      removeEventListener('keydown', escape);
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', up);
    addEventListener('pointercancel', cancel);
    addEventListener('keydown', escape);
  }

  private stop(ghost: HTMLElement, put: boolean, forget: () => void) {
    forget();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.on) return;
    this.on = false;
    ghost.hidden = true;
    this.just = true;
    setTimeout(() => (this.just = false)); // the click of this release comes before, or not at all
    if (!put) return this.hand.cancel();
    this.look();
    this.hand.end();
  }

  /** Once a frame at most: the ghost follows, the rows scroll at their edges, and the row beneath is told. */
  private draw(ghost: HTMLElement, rows: HTMLElement) {
    this.frame = 0;
    const box = rows.getBoundingClientRect();
    const [x, y] = this.at;
    const pull = y < box.top + EDGE ? -12 : y > box.bottom - EDGE ? 12 : 0;
    this.look();
    ghost.style.transform = `translate3d(${x + 12}px, ${y + 8}px, 0)`;
    if (!pull || !this.on) return;
    rows.scrollTop += pull;
    this.frame = requestAnimationFrame(() => this.draw(ghost, rows));
  }

  private look() {
    const row = document.elementFromPoint(...this.at)?.closest<HTMLElement>('[data-row]');
    this.hand.over(row ? row.dataset.row! : null);
  }
}

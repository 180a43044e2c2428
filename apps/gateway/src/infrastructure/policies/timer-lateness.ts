import { performance } from 'node:perf_hooks';
import { Lateness } from '../../application/ports/lateness';

/** Milliseconds between two looks. */
const EVERY = 25;
/** Looks that must all have been late: a long turn delays one of them, more work than can be done delays each. */
const LOOKS = 4;

/** A timer that sees by how much it is late. */
export class TimerLateness extends Lateness {
  private readonly seen = new Array<number>(LOOKS).fill(0);
  private looks = 0;
  private last = 0;
  private least = 0;
  private lookedAt = performance.now();
  private readonly timer = setInterval(() => this.look(), EVERY).unref();

  /** What waits in a turn that is long already has waited as long; that the one before was long, too, tells it from a mere hitch. */
  override now(): number {
    return Math.max(this.least, Math.min(this.last, this.overdue(performance.now())));
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = performance.now();
    this.last = this.overdue(now);
    this.seen[this.looks % LOOKS] = this.last;
    this.looks += 1;
    this.lookedAt = now;
    this.least = Math.min(...this.seen);
  }

  private overdue(now: number): number {
    return Math.max(0, now - this.lookedAt - EVERY);
  }
}

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
  private least = 0;
  private lookedAt = performance.now();
  private readonly timer = setInterval(() => this.look(), EVERY).unref();

  override now(): number {
    return this.least;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = performance.now();
    this.seen[this.looks % LOOKS] = Math.max(0, now - this.lookedAt - EVERY);
    this.looks += 1;
    this.lookedAt = now;
    this.least = Math.min(...this.seen);
  }
}

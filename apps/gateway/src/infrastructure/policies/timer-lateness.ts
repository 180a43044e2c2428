import { performance } from 'node:perf_hooks';
import { Lateness } from '../../application/ports/lateness';

/** Milliseconds between two looks. */
const EVERY = 25;

/** A timer that sees by how much it is late; between two looks, how long the second is overdue. */
export class TimerLateness extends Lateness {
  private last = 0;
  private lookedAt = performance.now();
  private readonly timer = setInterval(() => this.look(), EVERY).unref();

  override now(): number {
    return Math.max(this.last, this.overdue());
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    this.last = this.overdue();
    this.lookedAt = performance.now();
  }

  private overdue(): number {
    return Math.max(0, performance.now() - this.lookedAt - EVERY);
  }
}

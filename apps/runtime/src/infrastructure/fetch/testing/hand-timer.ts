import type { Delay } from '../time-limit';

/** The milliseconds by which time limits are told from pauses: of an attempt, and of a stream that nobody reads. */
const LIMITS: ReadonlySet<number> = new Set([30_000, 600_000]);

/** Time that passes when it is told to: pauses are over at once and remembered, time limits are reached when `reach` is called. */
export class HandTimer {
  readonly pauses: number[] = [];
  private readonly waiting = new Map<() => void, number>();

  readonly delay: Delay = (milliseconds, signal) => {
    if (LIMITS.has(milliseconds)) return this.untilReached(milliseconds, signal);
    this.pauses.push(milliseconds);
    return Promise.resolve();
  };

  /** Every time limit of so many milliseconds that runs is up. */
  reach(limit = 30_000): void {
    for (const [end, milliseconds] of this.waiting) if (milliseconds === limit) end();
  }

  private untilReached(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.set(resolve, milliseconds);
      signal.addEventListener('abort', () => {
        this.waiting.delete(resolve);
        reject(signal.reason as Error);
      });
    });
  }
}

import type { Delay } from '../time-limit';

/** Time that passes when it is told to: pauses are over at once and remembered, time limits are reached when `reach` is called. */
export class HandTimer {
  readonly pauses: number[] = [];
  private readonly waiting = new Set<() => void>();

  /** `limit`: the milliseconds by which a time limit is told from a pause. */
  constructor(private readonly limit = 30_000) {}

  readonly delay: Delay = (milliseconds, signal) => {
    if (milliseconds === this.limit) return this.untilReached(signal);
    this.pauses.push(milliseconds);
    return Promise.resolve();
  };

  /** Every time limit that runs is up. */
  reach(): void {
    for (const end of this.waiting) end();
  }

  private untilReached(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.add(resolve);
      signal.addEventListener('abort', () => {
        this.waiting.delete(resolve);
        reject(signal.reason as Error);
      });
    });
  }
}

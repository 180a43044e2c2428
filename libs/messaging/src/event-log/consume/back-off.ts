/**
 * Deliveries of an event that count for nothing because something was away, about a quarter of an hour. From then on they count: what is away for
 * good stops more than the one key.
 */
export const MOST_HOLD_UPS = 900;

const LONGEST_TIMER = 2 ** 31 - 1;

/** When a failed delivery is tried again. */
export interface BackOff {
  /** Milliseconds after the first, second … failure; the last goes on for ever. */
  readonly delays: readonly number[];
  /** A number from 0 to 1, anew each time: delays vary by ±20 %, so that what failed together does not come back together. */
  chance(): number;
}

/** Milliseconds to wait after this many failures. */
export function delayAfter(failures: number, backOff: BackOff): number {
  const delay = backOff.delays[Math.min(failures, backOff.delays.length) - 1] ?? 0;
  return Math.round(delay * (0.8 + 0.4 * backOff.chance()));
}

/** Things to do later, all of which can be called off. */
export class Timers {
  readonly #timers = new Set<NodeJS.Timeout>();

  get size(): number {
    return this.#timers.size;
  }

  after(delay: number, action: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        action();
      },
      Math.min(Math.max(delay, 0), LONGEST_TIMER),
    );
    this.#timers.add(timer.unref());
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

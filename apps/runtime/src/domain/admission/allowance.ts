/** So many a second on average; `burst` of them at once after a rest. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * What may still be spent of a rate: the generic cell rate algorithm, which needs one number. Times are milliseconds since 1970. A clock
 * that is put back costs at most the burst, never the time it went back by.
 */
export class Allowance {
  private readonly interval: number;
  /** When all of the burst may be spent again. */
  private wholeAt = -Infinity;

  constructor(private readonly rate: Rate) {
    this.interval = 1_000 / rate.perSecond;
  }

  /** Whether one may be spent. */
  isReady(now: number): boolean {
    this.wholeAt = Math.min(this.wholeAt, now + this.rate.burst * this.interval);
    return now >= this.readyAt;
  }

  /** From when on one may be spent. */
  get readyAt(): number {
    return this.wholeAt - (this.rate.burst - 1) * this.interval;
  }

  /** From when on all that was spent may have been. */
  get settledAt(): number {
    return this.wholeAt - this.rate.burst * this.interval;
  }

  isWhole(now: number): boolean {
    return now >= this.wholeAt;
  }

  /** Spends one, or as many as are named; one that is not ready is spent ahead of the time from when on it is. */
  spend(now: number, times = 1): void {
    this.wholeAt = Math.max(this.wholeAt, now) + times * this.interval;
  }
}

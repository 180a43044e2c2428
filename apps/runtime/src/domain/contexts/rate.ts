/** How much of something there may be in a time. */
export interface Rate {
  /** How much at once. */
  readonly limit: number;
  /** Milliseconds in which an empty bucket fills up. */
  readonly window: number;
}

/** What came of an attempt to take from a bucket. */
export interface Taking {
  readonly ok: boolean;
  /** How much may still be taken now. */
  readonly remaining: number;
  /** Milliseconds until as much as was asked for is there; 0 when it was. */
  readonly retryAfter: number;
  /** When the bucket will be full again (milliseconds since 1970): all that has to be kept of it. */
  readonly fullAt: number;
}

/** Less than this of a millisecond is an error of rounding. */
const GRAIN = 1e-6;

/**
 * Takes from a bucket that fills evenly, by the generic cell rate algorithm: the same rule as the offline world's. `fullAt` undefined: the
 * bucket is full. Taking too much takes nothing.
 */
export function take(fullAt: number | undefined, { limit, window }: Rate, consume: number, now: number): Taking {
  const millisEach = Math.max(window, 1) / limit;
  const capacity = millisEach * limit;
  const debt = Math.max((fullAt ?? now) - now, 0);
  const wanted = debt + consume * millisEach;
  const ok = wanted <= capacity + GRAIN;
  const owed = ok ? wanted : debt;
  const remaining = Math.max(0, Math.floor((capacity - owed) / millisEach + GRAIN));
  return { ok, remaining, retryAfter: ok ? 0 : wanted - capacity, fullAt: now + owed };
}

/** At most `limit` in `window` milliseconds, evenly, and `burst` at once after a rest. */
export interface Rate {
  readonly limit: number;
  readonly window: number;
  readonly burst: number;
  /** Milliseconds that one takes up. */
  readonly interval: number;
  /** Milliseconds that may be taken up ahead of time. */
  readonly tolerance: number;
}

/** `window` in milliseconds. `burst`: as many as the limit when absent. */
export function rateOf(limit: number, window: number, burst = limit): Rate {
  const interval = window / limit;
  return { limit, window, burst, interval, tolerance: burst * interval };
}

/** The same at a tenth of the pace: what is left of a limit that must not be guessed at. */
export function tenthOf({ limit, window, burst }: Rate): Rate {
  return rateOf(limit, window * 10, Math.max(1, Math.floor(burst / 10)));
}

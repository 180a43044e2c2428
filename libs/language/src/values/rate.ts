/** What of a bucket must be kept: the time at which it will be full again, in milliseconds. */
export type Bucket = number;

export interface Taking {
  /** How much at once. */
  readonly limit: number;
  /** Milliseconds in which an empty bucket fills up. */
  readonly window: number;
  readonly consume: number;
}

export interface Taken {
  readonly ok: boolean;
  readonly remaining: number;
  /** Milliseconds until so much can be taken; 0 when it was. */
  readonly retryAfter: number;
  readonly bucket: Bucket;
}

/** Takes from a bucket that fills evenly (the generic cell rate algorithm). A refused taking changes nothing. */
export function take(bucket: Bucket | undefined, { limit, window, consume }: Taking, now: number): Taken {
  const unit = window / limit;
  const full = Math.max(bucket ?? now, now);
  const after = full + consume * unit;
  const wait = after - now - window;
  const ok = wait <= 1e-6;
  const kept = ok ? after : full;
  return { ok, bucket: kept, remaining: Math.max(0, Math.floor((window - (kept - now)) / unit + 1e-6)), retryAfter: ok ? 0 : wait };
}

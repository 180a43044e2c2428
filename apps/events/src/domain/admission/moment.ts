const EARLIEST = 24 * 60 * 60 * 1000;
const LATEST = 5 * 60 * 1000;

/** When an event happened; `original` is what the client said, where that cannot be believed. */
export interface Moment {
  readonly time: number;
  readonly original?: string;
}

/** Believes a client's time from 24 h ago to 5 min ahead; else takes the server's and keeps the client's as text. All in milliseconds since 1970. */
export function momentOf(said: number | undefined, now: number): Moment {
  if (said === undefined) return { time: now };
  if (said >= now - EARLIEST && said <= now + LATEST) return { time: said };
  return { time: now, original: new Date(said).toISOString() };
}

const FIRST = 1_000;
const LONGEST = 60_000;

/** Milliseconds to wait before the next try, after `failed` tries: 1 s, doubled each time, at most a minute. */
export function backOff(failed: number): number {
  return Math.min(FIRST * 2 ** Math.max(failed - 1, 0), LONGEST);
}

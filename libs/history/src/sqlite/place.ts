// A place is the row id of an event: 42 bits of milliseconds, then 21 bits of order within the millisecond. Row ids in the order of
// history let every index, the full-text one too, be read in that order from any point on.
const BITS = 21n;
const SLOTS = 1n << BITS;
const FIRST = SLOTS / 4n;
const STEP = 128n;

/** An event that has its place. */
export interface Placed {
  readonly place: bigint;
  readonly offset: bigint;
}

/** The first place of a millisecond; all earlier events lie before it. */
export function firstPlace(recordedAt: number): bigint {
  return BigInt(recordedAt) << BITS;
}

/** The last place of a millisecond; it stays empty. */
export function lastPlace(recordedAt: number): bigint {
  return firstPlace(recordedAt) + SLOTS - 1n;
}

/** When the event at a place was recorded. */
export function recordedAtOf(place: bigint): number {
  return Number(place >> BITS);
}

/** The place behind the last event of all; undefined when the event belongs before it, or the millisecond is full. */
export function placeBehind(last: Placed, recordedAt: number, offset: bigint): bigint | undefined {
  const latest = recordedAtOf(last.place);
  if (recordedAt > latest) return firstPlace(recordedAt) + FIRST;
  if (recordedAt < latest || offset < last.offset) return undefined;
  const next = last.place + STEP;
  return next < lastPlace(recordedAt) ? next : undefined;
}

/**
 * The place for an event between its neighbours of the same millisecond, when `run` events, this one included, may have to stand there;
 * undefined when there is no room and all must move. Most events come in order, so there is more room behind than before.
 */
export function placeBetween(recordedAt: number, before: Placed | undefined, after: Placed | undefined, run: number): bigint | undefined {
  const start = firstPlace(recordedAt);
  const low = before?.place ?? start - 1n;
  const high = after?.place ?? lastPlace(recordedAt);
  const wanted = STEP * BigInt(run);
  if (before === undefined && after === undefined) return start + FIRST;
  if (after === undefined && low + wanted < high) return low + STEP;
  if (before === undefined && high - wanted > low) return high - wanted;
  const even = (high - low) / BigInt(run + 1);
  return even > 0n ? low + even : undefined;
}

/** Places for so many events of one millisecond, as far from one another as can be. */
export function spread(recordedAt: number, count: number): readonly bigint[] {
  const room = SLOTS / BigInt(count + 1);
  return Array.from({ length: count }, (_, i) => firstPlace(recordedAt) + room * BigInt(i + 1));
}

/** A place in the log, as the record of a schedule keeps it. */
export interface KeptPosition {
  readonly epoch: string;
  /** A whole number, as text. */
  readonly offset: string;
}

/** What is kept of a schedule. Times are milliseconds since 1970. */
export interface ScheduleRecord {
  /** Ticks up to this nominal time are settled: fired, given up, or before the schedule was there. */
  readonly since: number;
  /** The nominal time of the last tick fired. */
  readonly at?: number;
  /** Since when it is paused. */
  readonly pausedAt?: number;
  /** No tick after `since` is on the log before this place. */
  readonly position: KeptPosition;
}

/** The record of a schedule never seen before: it has no past. */
export function firstRecord(since: number, position: KeptPosition): ScheduleRecord {
  return { since, position };
}

/** After ticks up to `since` were settled, `at` the last of them that fired. Of two instances the one that is farther is right. */
export function settled(record: ScheduleRecord, since: number, at: number | undefined, position: KeptPosition): ScheduleRecord {
  if (since <= record.since) return record;
  return { ...record, since, position, ...(at === undefined ? {} : { at }) };
}

/** Paused: nothing fires, and nothing is made up for later. */
export function paused(record: ScheduleRecord, now: number): ScheduleRecord {
  return record.pausedAt === undefined ? { ...record, pausedAt: now } : record;
}

/** Resumed: what came due during the pause is settled. */
export function resumed(record: ScheduleRecord, now: number): ScheduleRecord {
  const { pausedAt, ...rest } = record;
  return pausedAt === undefined ? record : { ...rest, since: Math.max(record.since, now) };
}

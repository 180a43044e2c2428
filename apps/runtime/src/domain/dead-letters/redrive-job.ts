import type { Principal } from '@millrace/kernel';

/** Dead letters whose events are handed out again, a few each second. Times are milliseconds since 1970. */
export interface RedriveJob {
  readonly id: string;
  readonly workspaceId: string;
  /** Letters in a second. */
  readonly rate: number;
  /** How many there are. */
  readonly matched: number;
  /** How many of them have been seen to: the place of the next. */
  readonly seen: number;
  /** When the last of them had failed: what failed later was handed out already. */
  readonly failedBy: number;
  /** Who asked for it, and under which correlation. */
  readonly by: Pick<Principal, 'kind' | 'id' | 'onBehalfOf'>;
  readonly correlationId: string;
  /** When it is taken on next; while somebody has it in hand, when that one is taken for gone. */
  readonly due: number;
}

const SECOND = 1_000;
/** Milliseconds after which whoever has a job in hand is taken for gone. */
const LEASE = 60_000;

/** The job in the hand of whoever takes it on now; the same when it is too early for that. */
export function takenOn(job: RedriveJob, now: number): RedriveJob {
  return job.due <= now ? { ...job, due: now + LEASE } : job;
}

/** The job after so many of its next letters were seen to, by whoever took it on at `since`. */
export function handedOut(job: RedriveJob, count: number, since: number): RedriveJob {
  return { ...job, seen: job.seen + count, due: since + SECOND };
}

export function isWorkedOff({ seen, matched }: RedriveJob): boolean {
  return seen >= matched;
}

import { DomainError, type Principal } from '@millrace/kernel';

/** Why a run could not be begun again. */
export interface ReplayProblem {
  readonly run: string;
  readonly code: string;
  readonly message: string;
}

/** How the runs of a job are begun again. */
export interface ReplayTerms {
  /** `same`: each on the version it was on. */
  readonly version: 'same' | 'active';
  /** Runs begun in a second. */
  readonly rate: number;
}

/** Many runs that are begun again, a few each second, until somebody stops it. Times are milliseconds since 1970. */
export interface ReplayJob extends ReplayTerms {
  readonly id: string;
  readonly workspaceId: string;
  readonly state: 'running' | 'done' | 'cancelled';
  readonly matched: number;
  readonly begun: number;
  readonly failed: number;
  /** The first of those that failed. */
  readonly problems: readonly ReplayProblem[];
  readonly by: Pick<Principal, 'kind' | 'id' | 'onBehalfOf'>;
  /** Of whoever asked for it, and so of the runs. */
  readonly correlationId: string;
  readonly createdAt: number;
  readonly endedAt?: number;
  /** When it is taken on next; while somebody has it in hand, when that one is taken for gone. */
  readonly due: number;
  /** Some of its next runs may have been begun already. */
  readonly unsure: boolean;
}

/** What came of a run: nothing when it was begun. */
export type ReplayOutcome = ReplayProblem | undefined;

const SHOWN = 20;
const SECOND = 1_000;
/** Milliseconds after which whoever has a job in hand is taken for gone. */
const LEASE = 60_000;

/** How many of its runs have been seen to: the place of the next. */
export function seenTo({ begun, failed }: ReplayJob): number {
  return begun + failed;
}

/** The job in the hand of whoever takes it on now; the same when it is not to be taken on, or not yet. */
export function taken(job: ReplayJob, now: number): ReplayJob {
  return job.state === 'running' && job.due <= now ? { ...job, due: now + LEASE, unsure: true } : job;
}

/**
 * The job after the first of its next runs were seen to: of as many as it was tried with, from `since` on. One that was cancelled meanwhile
 * stays so.
 */
export function worked(
  job: ReplayJob,
  outcomes: readonly ReplayOutcome[],
  { tried, since, now }: { readonly tried: number; readonly since: number; readonly now: number },
): ReplayJob {
  const problems = outcomes.filter((outcome) => outcome !== undefined);
  const next: ReplayJob = {
    ...job,
    begun: job.begun + outcomes.length - problems.length,
    failed: job.failed + problems.length,
    problems: [...job.problems, ...problems].slice(0, SHOWN),
    due: since + SECOND,
    unsure: outcomes.length < tried,
  };
  return job.state === 'running' && seenTo(next) >= job.matched ? { ...next, state: 'done', endedAt: now } : next;
}

/** The job as somebody has stopped it. Refuses with `runtime.replay_ended`. */
export function stopped(job: ReplayJob, now: number): ReplayJob {
  if (job.state === 'running') return { ...job, state: 'cancelled', endedAt: now };
  const message = `The replay "${job.id}" has ended already. Its runs can be cancelled one by one, or by a filter.`;
  throw new DomainError('runtime.replay_ended', 'conflict', message, { facts: { replay: job.id } });
}

/** Neither goes on nor is kept. */
export function replayMissing(id: string): DomainError {
  const message = `There is no replay "${id}" here. Replays are kept for 30 days.`;
  return new DomainError('runtime.replay_not_found', 'not-found', message, { facts: { replay: id } });
}

/** More runs fit than one replay takes. */
export function tooManyRuns(most: number): DomainError {
  const message = `More than ${most} runs fit, and one replay takes no more. Narrow the filter, for example to a shorter span of time.`;
  return new DomainError('runtime.replay_too_large', 'invalid', message, { facts: { most } });
}

import { DomainError, type FieldProblem, type Principal } from '@millrace/kernel';

/** How much of it is done, in files; `total` 0 while nobody knows. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
}

/** Why nothing came of a job. */
export interface JobProblem {
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
}

/** Work that goes on after its caller was answered, and after the process that did it died. Times are milliseconds since 1970. */
export interface Job<Asked, Known, Result> {
  readonly id: string;
  readonly kind: 'import';
  readonly state: 'running' | 'done' | 'failed';
  /** Who began it, as they came: it may do what they may. */
  readonly by: Principal;
  readonly correlationId: string;
  readonly asked: Asked;
  readonly progress: JobProgress;
  /** What whoever takes it over must know; absent: nothing yet. */
  readonly known?: Known;
  /** Absent unless it is done. */
  readonly result?: Result;
  /** Absent unless it failed. */
  readonly problem?: JobProblem;
  readonly createdAt: number;
  readonly endedAt?: number;
  /** When whoever has it in hand is taken for gone. */
  readonly due: number;
}

/** What came of the work of a job. */
export type JobOutcome<Result> = { readonly result: Result } | { readonly problem: JobProblem };

/** Milliseconds after which whoever has a job in hand is taken for gone. */
const LEASE = 30_000;
/** Milliseconds for which a job that has ended is kept. */
const KEPT = 24 * 3_600_000;
/** Milliseconds for which a job is tried again while what it needs is away. */
const TRIED = 3_600_000;

/** What a job is when it begins. */
export type Begun<A, K, R> = Pick<Job<A, K, R>, 'id' | 'kind' | 'by' | 'correlationId' | 'asked'>;

/** The job in the hand of who does it now. */
export function begin<A, K, R>(job: Begun<A, K, R>, advance: Advance<K>, now: number): Job<A, K, R> {
  return { ...job, ...advance, state: 'running', createdAt: now, due: now + LEASE };
}

/** The job in the hand of whoever takes it over now; the same when somebody has it, or it has ended. */
export function takeOver<A, K, R>(job: Job<A, K, R>, now: number): Job<A, K, R> {
  return job.state === 'running' && job.due <= now ? { ...job, due: now + LEASE } : job;
}

/** How far whoever has it in hand has come. */
export interface Advance<K> {
  readonly progress: JobProgress;
  readonly known?: K;
}

/** The job while it is gone on with. */
export function goOn<A, K, R>(job: Job<A, K, R>, advance: Advance<K>, now: number): Job<A, K, R> {
  return job.state === 'running' ? { ...job, ...advance, due: now + LEASE } : job;
}

/** The job with what came of it; one that has ended already as it is. */
export function end<A, K, R>(job: Job<A, K, R>, outcome: JobOutcome<R>, now: number): Job<A, K, R> {
  if (job.state !== 'running') return job;
  const { known: _, ...ended } = job;
  return { ...ended, ...outcome, state: 'result' in outcome ? 'done' : 'failed', endedAt: now };
}

/** When the job is forgotten; undefined while it runs. */
export function expiryOf({ endedAt }: Pick<Job<unknown, unknown, unknown>, 'endedAt'>): number | undefined {
  return endedAt === undefined ? undefined : endedAt + KEPT;
}

/** Whether it is tried again when what it needs is away. */
export function isTriedAgain(createdAt: number, now: number): boolean {
  return now < createdAt + TRIED;
}

/** Why nothing came of it, as its caller would have been refused. What is a fault is not told: the log says it. */
export function problemOf(error: unknown): JobProblem {
  if (error instanceof DomainError) return { code: error.code, detail: error.message, errors: error.errors };
  return {
    code: 'workspaces.job_broken',
    detail: 'Something went wrong here. Look at what is there, and try again; if it fails again, tell an operator.',
    errors: [],
  };
}

/** There is no such job, or it is somebody else's: the two are told the same. */
export function jobMissing(id: string): DomainError {
  return new DomainError(
    'workspaces.job_not_found',
    'not-found',
    `There is no job "${id}" of yours. Jobs are kept for 24 hours after they have ended.`,
    { facts: { job: id } },
  );
}

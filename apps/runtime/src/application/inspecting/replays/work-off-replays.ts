import { DomainError, type Clock, type Ids } from '@millrace/kernel';
import { seenTo, taken, worked, type ReplayJob, type ReplayOutcome } from '../../../domain/replays/replay-job';
import { JobTimers } from '../jobs/job-timers';
import type { Timers } from '../../timers/timers';
import type { ReplayJobs } from './replay-jobs';
import type { ReplayRuns } from './replay-runs';

export interface WorkOffReplaysParts {
  readonly jobs: ReplayJobs;
  readonly replayRuns: Pick<ReplayRuns, 'once'>;
  readonly timers: Pick<Timers, 'set'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

const TIMER = 'replay/';
/** Runs begun at once. */
const PARALLEL = 16;

/**
 * Takes replays on, a second's worth of runs at a time. The runs have names that derive from the job, so what a crash makes be done again is not
 * begun again.
 */
export class WorkOffReplays {
  private readonly timers: JobTimers<ReplayJob>;

  constructor(private readonly parts: WorkOffReplaysParts) {
    this.timers = new JobTimers(TIMER, parts);
  }

  /** Whether a timer is one of these. */
  static owns(timer: string): boolean {
    return timer.startsWith(TIMER);
  }

  /** Sees to it that a job is taken on when it is due. Durable when it resolves. */
  arm(job: ReplayJob): Promise<void> {
    return this.timers.set(job);
  }

  /** Sees to what an earlier process left. */
  start(): Promise<void> {
    return this.timers.restore(({ state }) => state === 'running');
  }

  /** Resolves when the job has ended, or a later timer looks after it. */
  async onTimer(timer: string): Promise<void> {
    const { jobs, clock } = this.parts;
    const now = clock.now();
    const found = await this.timers.take(timer, (job) => taken(job, now));
    if (found === undefined) return;
    const { before, job } = found;
    const next = job === before ? job : await this.workOn(job, before.unsure, now);
    await (next.state === 'running' ? this.arm(next) : jobs.forgetThings(next));
  }

  /** The job after the next of its runs. `isAgain`: somebody may have begun some of them. */
  private async workOn(job: ReplayJob, isAgain: boolean, since: number): Promise<ReplayJob> {
    const { jobs, clock } = this.parts;
    const from = seenTo(job);
    const runs = (await jobs.thingsOf(job)).slice(from, from + job.rate);
    const outcomes = await this.begin(job, runs, isAgain);
    return jobs.change(job.workspaceId, job.id, (known = job) =>
      seenTo(known) === from ? worked(known, outcomes, { tried: runs.length, since, now: clock.now() }) : known,
    );
  }

  /** Up to the first that cannot be begun now because something it needs is away. */
  private async begin(job: ReplayJob, runs: readonly string[], isAgain: boolean): Promise<readonly ReplayOutcome[]> {
    const seen: ReplayOutcome[] = [];
    for (let at = 0; at < runs.length; at += PARALLEL) {
      const tried = await Promise.all(runs.slice(at, at + PARALLEL).map((run) => this.beginOne(job, run, isAgain)));
      for (const outcome of tried) {
        if (outcome === 'away') return seen;
        seen.push(outcome);
      }
    }
    return seen;
  }

  private async beginOne(
    { id, workspaceId, version, correlationId }: ReplayJob,
    run: string,
    isAgain: boolean,
  ): Promise<ReplayOutcome | 'away'> {
    const { replayRuns, ids } = this.parts;
    try {
      await replayRuns.once(workspaceId, { run, version, as: ids.derive('run', 'replay', id, run), isAgain, correlationId });
      return undefined;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { code, message, refusal } = error;
      return refusal === 'unavailable' ? 'away' : { run, code, message };
    }
  }
}

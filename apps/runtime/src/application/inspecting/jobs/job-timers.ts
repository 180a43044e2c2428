import type { Clock } from '@millrace/kernel';
import type { Timers } from '../../timers/timers';
import type { JobName, KeptJobs } from './kept-jobs';

/** A job that is worked off by and by. */
export interface DueJob extends JobName {
  /** When it is taken on next, milliseconds since 1970; while somebody has it in hand, when that one is taken for gone. */
  readonly due: number;
}

export interface JobTimersParts<J extends DueJob> {
  readonly jobs: KeptJobs<J>;
  readonly timers: Pick<Timers, 'set'>;
  readonly clock: Clock;
}

/** Sees to it that jobs are taken on when they are due. Every instance hears each timer: one takes the job in hand, the others look again when it would be gone. */
export class JobTimers<J extends DueJob> {
  /** `prefix`: what the names of these timers begin with, and of no other. */
  constructor(
    private readonly prefix: string,
    private readonly parts: JobTimersParts<J>,
  ) {}

  /** Durable when it resolves. */
  set({ workspaceId, id, due }: J): Promise<void> {
    return this.parts.timers.set(`${this.prefix}${workspaceId}/${id}`, due);
  }

  /** Sets those again that may be lost: a process ended between a job and its timer, or one of a version before took the timer for its own. */
  async restore(isUnderWay: (job: J) => boolean): Promise<void> {
    for (const job of (await this.parts.jobs.all()).filter(isUnderWay)) await this.set(job);
  }

  /** The job of a timer as it was and as `take` makes it, the same twice when it is not to be taken on now; undefined: there is none. */
  async take(timer: string, take: (job: J) => J): Promise<{ readonly before: J; readonly job: J } | undefined> {
    const [workspaceId = '', id = ''] = timer.slice(this.prefix.length).split('/');
    let before: J | undefined;
    const job = await this.parts.jobs.change(workspaceId, id, (known) => (before = known) && take(known));
    return before === undefined || job === undefined ? undefined : { before, job };
  }
}

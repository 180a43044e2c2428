import { DomainError, type Clock, type Ids, type Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { handedOut, isWorkedOff, takenOn, type RedriveJob } from '../../../domain/dead-letters/redrive-job';
import type { Timers } from '../../timers/timers';
import { JobTimers } from '../jobs/job-timers';
import type { KeptJobs } from '../jobs/kept-jobs';
import type { Letter, LetterBox } from './letter-box';
import type { LetterNews } from './letter-news';

export interface RedrivesParts {
  readonly jobs: KeptJobs<RedriveJob>;
  readonly box: Pick<LetterBox, 'find' | 'redrive'>;
  readonly news: LetterNews;
  readonly timers: Pick<Timers, 'set'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** A dead letter that is to be handed out again, as it stood. */
export type Chosen = Pick<Letter, 'id' | 'lastFailedAt'>;

const TIMER = 'redrive/';
/** Letters handed out at once. */
const PARALLEL = 16;

/**
 * Hands the events of dead letters out again, a second's worth at a time. A letter that was handed out and failed again is not handed out
 * twice, whatever a crash makes be done again.
 */
export class Redrives {
  private readonly timers: JobTimers<RedriveJob>;

  constructor(private readonly parts: RedrivesParts) {
    this.timers = new JobTimers(TIMER, parts);
  }

  /** Whether a timer is one of these. */
  static owns(timer: string): boolean {
    return timer.startsWith(TIMER);
  }

  /** Sees to what an earlier process left. */
  start(): Promise<void> {
    return this.timers.restore(() => true);
  }

  /** Durable when it resolves: the letters are handed out in their order, `rate` of them in a second, whoever stops meanwhile. */
  async begin(
    { principal, correlationId }: Pick<CallContext, 'principal' | 'correlationId'>,
    workspaceId: string,
    letters: readonly Chosen[],
    rate: number,
  ): Promise<void> {
    const { jobs, clock, ids } = this.parts;
    const { kind, id, onBehalfOf } = principal;
    const failedBy = letters.reduce((latest, { lastFailedAt }) => Math.max(latest, lastFailedAt), 0);
    const job: RedriveJob = {
      ...{ id: ids.mint('rdr'), workspaceId, rate, matched: letters.length, seen: 0, failedBy },
      by: { kind, id, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
      ...{ correlationId, due: clock.now() },
    };
    await jobs.add(
      job,
      letters.map((letter) => letter.id),
    );
    await this.timers.set(job);
  }

  /** Resolves when the job is worked off, or a later timer looks after it. */
  async onTimer(timer: string): Promise<void> {
    const { jobs, clock } = this.parts;
    const now = clock.now();
    const found = await this.timers.take(timer, (job) => takenOn(job, now));
    const next = found === undefined || found.job === found.before ? found?.job : await this.workOn(found.job, now);
    if (next !== undefined) await (isWorkedOff(next) ? jobs.remove(next) : this.timers.set(next));
  }

  /** The job after its next letters; undefined when it is gone. */
  private async workOn(job: RedriveJob, since: number): Promise<RedriveJob | undefined> {
    const { jobs } = this.parts;
    const letters = (await jobs.thingsOf(job)).slice(job.seen, job.seen + job.rate);
    const count = await this.handOut(job, letters);
    return jobs.change(job.workspaceId, job.id, (known) => (known?.seen === job.seen ? handedOut(known, count, since) : known));
  }

  /** Up to the first that cannot be handed out now because what it needs is away; answers how many. */
  private async handOut(job: RedriveJob, letters: readonly string[]): Promise<number> {
    for (let at = 0; at < letters.length; at += PARALLEL) {
      const seenTo = await Promise.all(letters.slice(at, at + PARALLEL).map((letter) => this.handOutOne(job, letter)));
      const away = seenTo.indexOf(false);
      if (away !== -1) return at + away;
    }
    return letters.length;
  }

  /** False: it cannot be told now. */
  private async handOutOne(job: RedriveJob, id: string): Promise<boolean> {
    const { box, news, log } = this.parts;
    try {
      const letter = await box.find(job.workspaceId, id);
      if (letter === undefined || letter.lastFailedAt > job.failedBy) return true;
      await news.tell({ principal: principalOf(job), correlationId: job.correlationId }, 'redriven', letter);
      await box.redrive(id);
    } catch (error) {
      if (error instanceof DomainError && error.refusal === 'unavailable') return false;
      log.warn('A dead letter could not be handed out again.', { error, letter: id });
    }
    return true;
  }
}

function principalOf({ by }: RedriveJob): Principal {
  return { ...by, roles: [] };
}

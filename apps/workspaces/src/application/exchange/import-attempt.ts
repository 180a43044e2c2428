import type { Clock } from '@millrace/kernel';
import { end, goOn, type Advance, type Begun, type JobOutcome, type JobProgress } from '../../domain/jobs/job';
import type { Plan } from '../drafting/apply-draft';
import type { JobBook } from '../jobs/job-book';
import type { ImportAsked, ImportDone, Underway } from './import-workspace';

export type ImportBook = JobBook<ImportAsked, Plan, ImportDone>;

/** An import that this process does: nobody but its caller knows of it, until it is promised as a job. */
export class ImportAttempt implements Underway {
  /** Whether it has come to its end. */
  isOver = false;
  /** When it was promised (milliseconds since 1970); absent: it was not. */
  since?: number;
  private progress: JobProgress = { done: 0, total: 0 };
  private promised: Promise<void> | undefined;

  constructor(
    private readonly book: ImportBook,
    private readonly clock: Clock,
    readonly id: string,
    public planned?: Plan | undefined,
  ) {}

  advance(done: number, total: number): void {
    this.progress = { done, total };
  }

  async plan(plan: Plan): Promise<void> {
    this.planned = plan;
    await this.tell();
  }

  /** From now on somebody may ask what came of it. Durable when it resolves. */
  promise(job: Omit<Begun<ImportAsked, Plan, ImportDone>, 'id' | 'kind'>): Promise<void> {
    this.since = this.clock.now();
    this.promised = this.book.begin({ id: this.id, kind: 'import', ...job }, this.reached(), this.since);
    return this.promised;
  }

  /** Goes on with what another process promised then. */
  goOn(since: number): void {
    this.since = since;
    this.promised = Promise.resolve();
  }

  /** Says how far it has come, and that somebody has it in hand. */
  async tell(): Promise<void> {
    if (this.promised === undefined) return;
    await this.promised;
    await this.book.change(this.id, (job) => goOn(job, this.reached(), this.clock.now()));
  }

  /** Says what came of it, if that was promised; whether it was. */
  async end(outcome: JobOutcome<ImportDone>): Promise<boolean> {
    this.isOver = true;
    if (this.promised === undefined) return false;
    await this.promised;
    const now = this.clock.now();
    await this.book.change(this.id, (job) => end(goOn(job, this.reached(), now), outcome, now));
    return true;
  }

  private reached(): Advance<Plan> {
    return { progress: this.progress, ...(this.planned === undefined ? {} : { known: this.planned }) };
  }
}

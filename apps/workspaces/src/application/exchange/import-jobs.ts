import type { StagedBlobs } from '@millrace/blobs';
import { DomainError, type Alarms, type Clock, type Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isTriedAgain, problemOf, type Job } from '../../domain/jobs/job';
import type { Plan } from '../drafting/apply-draft';
import { ImportAttempt, type ImportBook } from './import-attempt';
import type { ImportAsked, ImportDone, ImportWorkspace } from './import-workspace';

export { expiryOf } from '../../domain/jobs/job';

export type ImportJob = Job<ImportAsked, Plan, ImportDone>;

export interface ImportJobsParts {
  readonly imports: Pick<ImportWorkspace, 'run'>;
  readonly book: ImportBook;
  readonly staged: Pick<StagedBlobs, 'discard'>;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly ids: Ids;
  /** Told of faults: their callers only learn that there was one. */
  readonly failed: (job: string, error: unknown) => void;
}

/** Milliseconds that an import may take as a job, in one process. */
const PATIENCE = 3_600_000;

/**
 * Holds callers until their import is done, and lets what takes longer go on as a job. An import that was promised so is gone on with by
 * another process when this one dies; one that was not ends with it, and nothing is left of it.
 */
export class ImportJobs {
  private readonly inHand = new Map<ImportAttempt, Promise<unknown>>();

  constructor(private readonly parts: ImportJobsParts) {}

  /** What came of it within so many milliseconds; else the id of its job. Refuses as the import does, while its caller is held. */
  async run(context: CallContext, asked: ImportAsked, wait: number): Promise<ImportDone | string> {
    const { book, clock, ids } = this.parts;
    const attempt = new ImportAttempt(book, clock, ids.mint('job'));
    const { principal: by, correlationId } = context;
    const begun = { by, correlationId, asked };
    if (wait === 0) await attempt.promise(begun);
    const doing = this.work({ ...context, deadline: clock.now() + PATIENCE }, asked, attempt);
    if (wait > 0) {
      await this.held(doing, wait);
      if (attempt.isOver) return doing;
      await attempt.promise(begun);
    }
    return attempt.id;
  }

  /** Says of all jobs in hand that they are. */
  async beat(): Promise<void> {
    await Promise.all([...this.inHand.keys()].map((attempt) => attempt.tell()));
  }

  /** Takes on what processes left that died, one after the other. */
  async takeOver(): Promise<void> {
    const { book, clock } = this.parts;
    for await (const { id, by, correlationId, asked, known, createdAt } of book.abandoned(() => clock.now())) {
      const attempt = new ImportAttempt(book, clock, id, known);
      attempt.goOn(createdAt);
      await this.work({ principal: by, correlationId, deadline: clock.now() + PATIENCE }, asked, attempt).catch(() => undefined);
    }
  }

  /** Forgets jobs whose time is over. */
  sweep(): Promise<void> {
    return this.parts.book.sweep(this.parts.clock.now());
  }

  /** Resolves when nothing is in hand. */
  async settled(): Promise<void> {
    while (this.inHand.size > 0) await Promise.allSettled(this.inHand.values());
  }

  private work(context: CallContext, asked: ImportAsked, attempt: ImportAttempt): Promise<ImportDone> {
    const doing = this.import(context, asked, attempt).finally(() => this.inHand.delete(attempt));
    this.inHand.set(attempt, doing);
    // A job says itself what became of it.
    doing.catch(() => undefined);
    return doing;
  }

  private async import(context: CallContext, asked: ImportAsked, attempt: ImportAttempt): Promise<ImportDone> {
    try {
      const result = await this.parts.imports.run(context, asked, attempt);
      await attempt.end({ result });
      await this.discard(asked);
      return result;
    } catch (error) {
      if (!this.isTriedAgain(attempt, error)) await this.fail(asked, attempt, error);
      throw error;
    }
  }

  /** What a job needs may be away for a while: it is taken over again, by this process or another. */
  private isTriedAgain({ since }: ImportAttempt, error: unknown): boolean {
    const isAway = error instanceof DomainError && error.refusal === 'unavailable';
    return isAway && since !== undefined && isTriedAgain(since, this.parts.clock.now());
  }

  private async fail(asked: ImportAsked, attempt: ImportAttempt, error: unknown): Promise<void> {
    const isPromised = await attempt.end({ problem: problemOf(error) });
    if (isPromised && !(error instanceof DomainError)) this.parts.failed(attempt.id, error);
    await this.discard(asked);
  }

  /** What is left after all is swept. */
  private async discard({ ref }: ImportAsked): Promise<void> {
    await this.parts.staged.discard(ref).catch(() => undefined);
  }

  private async held(doing: Promise<unknown>, wait: number): Promise<void> {
    const { alarms, clock } = this.parts;
    const { promise, resolve } = Promise.withResolvers<void>();
    const takeBack = alarms.set(clock.now() + wait, resolve);
    doing.then(
      () => resolve(),
      () => resolve(),
    );
    await promise;
    takeBack();
  }
}

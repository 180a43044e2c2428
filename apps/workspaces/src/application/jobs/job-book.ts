import type { Collection } from '@millrace/documents';
import { begin, expiryOf, takeOver, type Advance, type Begun, type Job } from '../../domain/jobs/job';
import { unlessGone } from '../unless-gone';

const PAGE = 100;

/** The jobs there are, running and ended. */
export class JobBook<Asked, Known, Result> {
  constructor(private readonly jobs: Collection<Job<Asked, Known, Result>>) {}

  /** Durable when it resolves. */
  async begin(job: Begun<Asked, Known, Result>, advance: Advance<Known>, now: number): Promise<void> {
    await this.jobs.insert(begin(job, advance, now));
  }

  async find(id: string): Promise<Job<Asked, Known, Result> | undefined> {
    return (await this.jobs.find(id))?.document;
  }

  /** Changes a job; one that is gone stays so. */
  async change(id: string, change: (job: Job<Asked, Known, Result>) => Job<Asked, Known, Result>): Promise<void> {
    await this.jobs.update(id, (job) => ({ document: change(job), events: [] })).catch(unlessGone);
  }

  /** Takes over jobs that nobody has in hand any more, each when the one before it was let go of. Of several callers one gets each. */
  async *abandoned(now: () => number): AsyncGenerator<Job<Asked, Known, Result>> {
    const { items } = await this.jobs.page({ where: { running: true }, by: 'due', limit: PAGE });
    for (const { document } of items.filter((each) => each.document.due <= now())) {
      let taken: Job<Asked, Known, Result> | undefined;
      await this.change(document.id, (job) => {
        const next = takeOver(job, now());
        taken = next === job ? undefined : next;
        return next;
      });
      if (taken !== undefined) yield taken;
    }
  }

  /** Forgets jobs that ended long ago. */
  async sweep(now: number): Promise<void> {
    for (;;) {
      const { items } = await this.jobs.page({ where: { running: false }, by: 'expiry', limit: PAGE });
      const over = items.filter(({ document }) => (expiryOf(document) ?? Infinity) <= now);
      for (const { document } of over) await this.remove(document.id);
      if (over.length < PAGE) return;
    }
  }

  /** Forgets all that somebody began. */
  async forget(user: string): Promise<void> {
    for (;;) {
      const { items } = await this.jobs.page({ where: { user }, limit: PAGE });
      for (const { document } of items) await this.remove(document.id);
      if (items.length < PAGE) return;
    }
  }

  private async remove(id: string): Promise<void> {
    await this.jobs.update(id, () => ({ document: null, events: [] })).catch(unlessGone);
  }
}

import type { CallContext } from '@millrace/messaging';
import { jobMissing } from '../../domain/jobs/job';
import type { ImportBook } from '../exchange/import-attempt';
import type { ImportJob } from '../exchange/import-jobs';

/** Shows jobs to those who began them. */
export class GetJob {
  constructor(private readonly book: Pick<ImportBook, 'find'>) {}

  /** Refuses with `workspaces.job_not_found` what is not there, and what somebody else began. */
  async run({ principal: { kind, id } }: CallContext, name: string): Promise<ImportJob> {
    const job = await this.book.find(name);
    if (job?.by.kind !== kind || job.by.id !== id) throw jobMissing(name);
    return job;
  }
}

import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { ImportJobs } from '../../application/exchange/import-jobs';

/** Lets a process that is stopped end the jobs it has in hand. */
export class JobsInHand implements BeforeApplicationShutdown {
  constructor(private readonly jobs: Pick<ImportJobs, 'settled'>) {}

  beforeApplicationShutdown(): Promise<void> {
    return this.jobs.settled();
  }
}

import type { Bucket } from '@millrace/messaging';
import { replayMissing, type ReplayJob } from '../../../domain/replays/replay-job';
import { KeptJobs } from '../jobs/kept-jobs';

/** What is kept of replays; the runs that are begun again, in their order, beside each. */
export class ReplayJobs extends KeptJobs<ReplayJob> {
  /** `bucket`: has no other use. */
  constructor(bucket: Bucket) {
    super(bucket, 'runs');
  }

  /** Refuses with `runtime.replay_not_found`. */
  async get(workspaceId: string, id: string): Promise<ReplayJob> {
    const job = await this.find(workspaceId, id);
    if (job === undefined) throw replayMissing(id);
    return job;
  }
}

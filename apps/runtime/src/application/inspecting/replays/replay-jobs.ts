import type { Bucket } from '@millrace/messaging';
import { replayMissing, type ReplayJob } from '../../../domain/replays/replay-job';
import { replace } from '../../admission/replace';

/** Milliseconds a replay is kept after somebody had it in hand. */
const KEPT = 30 * 86_400_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What is kept of replays: each in a record of its own, the runs it is to begin again beside it. */
export class ReplayJobs {
  /** `bucket`: has no other use. */
  constructor(private readonly bucket: Bucket) {}

  /** Durable when it resolves. */
  async add(job: ReplayJob, runs: readonly string[]): Promise<void> {
    await this.bucket.put(runsKey(job), encoder.encode(JSON.stringify(runs)), { ttl: KEPT });
    await this.change(job.workspaceId, job.id, () => job);
  }

  /** Refuses with `runtime.replay_not_found`. */
  async get(workspaceId: string, id: string): Promise<ReplayJob> {
    const job = await this.find(workspaceId, id);
    if (job === undefined) throw replayMissing(id);
    return job;
  }

  async find(workspaceId: string, id: string): Promise<ReplayJob | undefined> {
    const entry = await this.bucket.get(jobKey({ workspaceId, id }));
    return entry === undefined ? undefined : (JSON.parse(decoder.decode(entry.value)) as ReplayJob);
  }

  /** Those of a workspace, by id. */
  async list(workspaceId: string): Promise<readonly ReplayJob[]> {
    const entries = await this.bucket.list(jobKey({ workspaceId, id: '' }));
    return entries.map(({ value }) => JSON.parse(decoder.decode(value)) as ReplayJob);
  }

  /** The runs that a job begins again, in their order. */
  async runsOf(job: ReplayJob): Promise<readonly string[]> {
    const entry = await this.bucket.get(runsKey(job));
    return entry === undefined ? [] : (JSON.parse(decoder.decode(entry.value)) as readonly string[]);
  }

  /** Nobody will begin them any more. */
  async forgetRuns(job: ReplayJob): Promise<void> {
    await this.bucket.delete(runsKey(job));
  }

  /** Puts what `change` makes of the job; of what somebody else made of it meanwhile, if they were faster. Rejects as `change` throws. */
  async change<J extends ReplayJob | undefined>(workspaceId: string, id: string, change: (job: ReplayJob | undefined) => J): Promise<J> {
    const { answer } = await replace(this.bucket, jobKey({ workspaceId, id }), (known: ReplayJob | undefined) => {
      const job = change(known);
      return { keep: job, answer: job, ttl: KEPT };
    });
    return answer;
  }
}

function jobKey({ workspaceId, id }: Pick<ReplayJob, 'workspaceId' | 'id'>): string {
  return `jobs/${workspaceId}/${id}`;
}

function runsKey({ workspaceId, id }: Pick<ReplayJob, 'workspaceId' | 'id'>): string {
  return `runs/${workspaceId}/${id}`;
}

import type { Bucket } from '@millrace/messaging';
import { replace } from '../../admission/replace';

/** Milliseconds a job is kept after somebody had it in hand. */
const KEPT = 30 * 86_400_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A job among those of all workspaces. */
export interface JobName {
  readonly workspaceId: string;
  readonly id: string;
}

/** What is kept of jobs that are worked off by and by: each in a record of its own, the ids of what it is about beside it. */
export class KeptJobs<J extends JobName> {
  /** `bucket`: has no other use. `things`: what the keys of those ids begin with. */
  constructor(
    private readonly bucket: Bucket,
    private readonly things: string,
  ) {}

  /** Durable when it resolves. */
  async add(job: J, things: readonly string[]): Promise<void> {
    await this.bucket.put(this.thingsKey(job), encoder.encode(JSON.stringify(things)), { ttl: KEPT });
    await this.change(job.workspaceId, job.id, () => job);
  }

  async find(workspaceId: string, id: string): Promise<J | undefined> {
    const entry = await this.bucket.get(jobKey({ workspaceId, id }));
    return entry === undefined ? undefined : (JSON.parse(decoder.decode(entry.value)) as J);
  }

  /** Those of a workspace, by id. */
  list(workspaceId: string): Promise<readonly J[]> {
    return this.under(jobKey({ workspaceId, id: '' }));
  }

  /** Those of all workspaces. */
  all(): Promise<readonly J[]> {
    return this.under('jobs/');
  }

  /** The ids of what a job is about, in their order. */
  async thingsOf(job: J): Promise<readonly string[]> {
    const entry = await this.bucket.get(this.thingsKey(job));
    return entry === undefined ? [] : (JSON.parse(decoder.decode(entry.value)) as readonly string[]);
  }

  /** Nobody will ask for them any more. */
  async forgetThings(job: J): Promise<void> {
    await this.bucket.delete(this.thingsKey(job));
  }

  /** Nobody will ask for the job any more. */
  async remove(job: J): Promise<void> {
    await this.forgetThings(job);
    await this.bucket.delete(jobKey(job));
  }

  /** Puts what `change` makes of the job; of what somebody else made of it meanwhile, if they were faster. Rejects as `change` throws. */
  async change<K extends J | undefined>(workspaceId: string, id: string, change: (job: J | undefined) => K): Promise<K> {
    const { answer } = await replace(this.bucket, jobKey({ workspaceId, id }), (known: J | undefined) => {
      const job = change(known);
      return { keep: job, answer: job, ttl: KEPT };
    });
    return answer;
  }

  private async under(prefix: string): Promise<readonly J[]> {
    const entries = await this.bucket.list(prefix);
    return entries.map(({ value }) => JSON.parse(decoder.decode(value)) as J);
  }

  private thingsKey({ workspaceId, id }: JobName): string {
    return `${this.things}/${workspaceId}/${id}`;
  }
}

function jobKey({ workspaceId, id }: JobName): string {
  return `jobs/${workspaceId}/${id}`;
}

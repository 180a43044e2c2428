import type { Clock, Ids } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import type { Holder } from '../../domain/contexts/lifetimes';
import type { Run } from '../../domain/run';

const DAY = 86_400_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Which runs of a correlation are parked: `parked/<workspace>/<correlation>/<run>`, beside the checkpoints. */
export class ParkedRuns {
  constructor(
    private readonly bucket: Pick<Bucket, 'list' | 'put' | 'delete'>,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** What the keys of a workspace begin with. */
  static all(workspaceId: string): string {
    return `parked/${workspaceId}/`;
  }

  /** Known until it is removed, or its time is long over. */
  async add(run: Run): Promise<void> {
    const { deadline } = run;
    const ttl = Math.max(deadline - this.clock.now(), 0) + DAY;
    await this.bucket.put(this.keyOf(run), encoder.encode(String(deadline)), { ttl });
  }

  async remove(run: Run): Promise<void> {
    await this.bucket.delete(this.keyOf(run));
  }

  /** Those of a correlation. */
  async of(workspaceId: string, correlationId: string): Promise<readonly Holder[]> {
    const prefix = this.prefixOf({ workspaceId, correlationId });
    const entries = await this.bucket.list(prefix);
    return entries.map(({ key, value }) => ({ run: key.slice(prefix.length), until: Number(decoder.decode(value)) }));
  }

  private keyOf(run: Run): string {
    return this.prefixOf(run) + run.id;
  }

  /** Callers name correlations as they like: what stands in the key derives from it. */
  private prefixOf({ workspaceId, correlationId }: Pick<Run, 'workspaceId' | 'correlationId'>): string {
    return `${ParkedRuns.all(workspaceId)}${this.ids.derive('cor', correlationId)}/`;
  }
}

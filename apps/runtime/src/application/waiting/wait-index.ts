import type { Ids } from '@millrace/kernel';
import { compileWait, matchesPattern, type Accepted, type EventLocals, type Plan, type WaitRequest } from '@millrace/language';
import type { Bucket, Change, Watch } from '@millrace/messaging';

/** A wait of a run that goes on, as it is kept in the bucket `waits`. */
export interface WaitRecord {
  readonly run: string;
  readonly workspaceId: string;
  readonly digest: string;
  /** The id of the effect. */
  readonly effect: string;
  readonly request: WaitRequest;
  /** The event with `cancelTriggers` that ended it: seen again it starts nothing again. */
  readonly endedBy?: string;
}

/** A wait and what it makes of an event. */
export interface MatchedWait {
  readonly wait: WaitRecord;
  readonly accepted: Accepted;
}

interface KnownWait {
  readonly wait: WaitRecord;
  test?: (event: EventLocals) => Accepted | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * All waits there are, followed as they come and go, by workspace and by the events they name. A wait that was put is known to every
 * instance before an event that comes later than the put is matched by it.
 */
export class WaitIndex {
  private readonly workspaces = new Map<string, Map<string, KnownWait>>();
  private watch: Watch | undefined;

  constructor(
    private readonly bucket: Bucket,
    private readonly ids: Ids,
  ) {}

  /** Resolves when every wait there is has been seen. */
  async start(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.watch = await this.bucket.watch('', (change) => this.follow(change), resolve);
    await promise;
  }

  async stop(): Promise<void> {
    await this.watch?.stop();
  }

  async put(wait: WaitRecord): Promise<void> {
    await this.bucket.put(this.keyOf(wait), encoder.encode(JSON.stringify(wait)));
  }

  async remove(wait: Pick<WaitRecord, 'run' | 'workspaceId' | 'effect'>): Promise<void> {
    await this.bucket.delete(this.keyOf(wait));
  }

  /** The waits that accept an event. `plan` gives what a wait's workspace was compiled to. */
  async matching(
    workspaceId: string,
    event: EventLocals,
    plan: (wait: WaitRecord) => Promise<Plan | undefined>,
  ): Promise<readonly MatchedWait[]> {
    const found: MatchedWait[] = [];
    for (const known of this.workspaces.get(workspaceId)?.values() ?? []) {
      const { wait } = known;
      if (!wait.request.oneOf.some((entry) => matchesPattern(entry.event, event.type))) continue;
      const compiled = known.test === undefined ? await plan(wait) : undefined;
      if (compiled !== undefined) known.test = compileWait(compiled, wait.request);
      const accepted = known.test?.(event);
      if (accepted !== undefined) found.push({ wait, accepted });
    }
    return found;
  }

  private keyOf({ workspaceId, run, effect }: Pick<WaitRecord, 'run' | 'workspaceId' | 'effect'>): string {
    return `${workspaceId}/${run}/${this.ids.derive('wt', effect)}`;
  }

  private follow({ key, value }: Change): void {
    const [workspaceId = ''] = key.split('/', 1);
    const waits = this.workspaces.get(workspaceId) ?? new Map<string, KnownWait>();
    if (value === undefined) waits.delete(key);
    else waits.set(key, { wait: JSON.parse(decoder.decode(value)) as WaitRecord });
    if (waits.size === 0) this.workspaces.delete(workspaceId);
    else this.workspaces.set(workspaceId, waits);
  }
}

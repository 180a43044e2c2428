import type { Clock, Ids } from '@millrace/kernel';
import { compileWait, matchesPattern, type Accepted, type EventLocals, type Plan, type WaitRequest } from '@millrace/language';
import { parsePosition, type Bucket, type Change, type LoggedEvent, type Watch } from '@millrace/messaging';

/** A wait of a run that goes on, as it is kept in the bucket `waits`. */
export interface WaitRecord {
  readonly run: string;
  readonly workspaceId: string;
  readonly digest: string;
  /** The id of the effect. */
  readonly effect: string;
  readonly request: WaitRequest;
  /** Position (`epoch-offset`) of the run's last release: what the log had before was not meant for it. */
  readonly from: string;
  /** The last position before the wait was known: what the run itself told up to here it does not wait for. */
  readonly known: string;
  /** Ids of the events that other waits of the run took since its last release. */
  readonly taken: readonly string[];
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

/** Milliseconds for which a wait whose time is over may still be known: somebody may be about to take its run on. */
const AFTER_ITS_TIME = 86_400_000;

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
    private readonly clock: Clock,
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

  /** Makes a wait known, until it is removed or long over. */
  async put(wait: WaitRecord): Promise<void> {
    const ttl = Math.max(wait.request.until - this.clock.now(), 0) + AFTER_ITS_TIME;
    await this.bucket.put(this.keyOf(wait), encoder.encode(JSON.stringify(wait)), { ttl });
  }

  async remove(wait: Pick<WaitRecord, 'run' | 'workspaceId' | 'effect'>): Promise<void> {
    await this.bucket.delete(this.keyOf(wait));
  }

  /** The waits that accept an event. `plan` gives what a wait's workspace was compiled to. */
  async matching(event: LoggedEvent, locals: EventLocals, plan: (wait: WaitRecord) => Promise<Plan>): Promise<readonly MatchedWait[]> {
    await this.watch?.caughtUp();
    const found: MatchedWait[] = [];
    for (const known of this.workspaces.get(event.workspaceId)?.values() ?? []) {
      const { wait } = known;
      if (!wait.request.oneOf.some((entry) => matchesPattern(entry.event, event.type)) || !isMeant(wait, event)) continue;
      known.test ??= compileWait(await plan(wait), wait.request);
      const accepted = known.test(locals);
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

/** Whether a wait may have an event: it came after the run's last release, no other wait of the run took it, and it is not the run's own. */
function isMeant({ run, from, known, taken }: WaitRecord, { id, source, position }: LoggedEvent): boolean {
  if (taken.includes(id) || isBefore(position, from, 0n)) return false;
  return source.run !== run || !isBefore(position, known, 1n);
}

/** Whether a position is before a written one moved by `by`. Of another log: it is not. */
function isBefore({ epoch, offset }: LoggedEvent['position'], written: string, by: bigint): boolean {
  const other = parsePosition(written);
  return other !== undefined && other.epoch === epoch && offset < other.offset + by;
}

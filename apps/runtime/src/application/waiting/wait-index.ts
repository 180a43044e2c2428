import type { Clock, Ids } from '@millrace/kernel';
import { compileWait, type Accepted, type EventLocals, type Plan, type WaitRequest } from '@millrace/language';
import { parsePosition, type Bucket, type Change, type LoggedEvent, type Watch } from '@millrace/messaging';
import type { Run } from '../../domain/run';
import type { Turns } from '../ports/turn';
import { KnownWaits } from './known-waits';

/** A wait of a run that goes on, as it is kept in the bucket `waits`. */
export interface WaitRecord {
  readonly run: string;
  readonly workspaceId: string;
  readonly digest: string;
  /** That of its run. */
  readonly region?: Run['region'];
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

type Test = (event: EventLocals) => Accepted | undefined;

/** Waits that are looked at before others have their turn. */
const AT_ONCE = 200;
/** Tests that are kept compiled: waits that say the same share one. */
const MOST_TESTS = 2_000;

/** Milliseconds for which a wait whose time is over may still be known: somebody may be about to take its run on. */
const AFTER_ITS_TIME = 86_400_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * All waits there are, followed as they come and go, by workspace and by the events they name. A wait that was put is known to every
 * instance before an event that comes later than the put is matched by it.
 */
export class WaitIndex {
  private readonly workspaces = new Map<string, KnownWaits>();
  private readonly tests = new Map<string, Test>();
  private watch: Watch | undefined;

  constructor(
    private readonly bucket: Bucket,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly turns: Pick<Turns, 'next'>,
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
    let looked = 0;
    for (const wait of this.workspaces.get(event.workspaceId)?.naming(event.type) ?? []) {
      if (++looked % AT_ONCE === 0) await this.turns.next(event);
      if (!isMeant(wait, event)) continue;
      const accepted = (await this.testOf(wait, plan))(locals);
      if (accepted !== undefined) found.push({ wait, accepted });
    }
    return found;
  }

  private async testOf(wait: WaitRecord, plan: (wait: WaitRecord) => Promise<Plan>): Promise<Test> {
    const { workspaceId, digest, region, request } = wait;
    const name = JSON.stringify([workspaceId, digest, region, request.instance, request.oneOf]);
    const known = this.tests.get(name);
    if (known !== undefined) return known;
    const test = compileWait(await plan(wait), request);
    if (this.tests.size >= MOST_TESTS) this.tests.clear();
    this.tests.set(name, test);
    return test;
  }

  private keyOf({ workspaceId, run, effect }: Pick<WaitRecord, 'run' | 'workspaceId' | 'effect'>): string {
    return `${workspaceId}/${run}/${this.ids.derive('wt', effect)}`;
  }

  private follow({ key, value }: Change): void {
    const [workspaceId = ''] = key.split('/', 1);
    const waits = this.workspaces.get(workspaceId) ?? new KnownWaits();
    if (value === undefined) waits.delete(key);
    else waits.put(key, JSON.parse(decoder.decode(value)) as WaitRecord);
    if (waits.isEmpty) this.workspaces.delete(workspaceId);
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

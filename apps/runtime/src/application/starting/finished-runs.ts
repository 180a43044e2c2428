import { DomainError, Gathered, type Clock } from '@millrace/kernel';
import { parsePosition, type EventLog, type LoggedEvent, type Position } from '@millrace/messaging';
import type { Run } from '../../domain/run';
import { FINISHED } from '../execution/journal';

/** Milliseconds for which it is kept what the log was looked through for: it grows with the log meanwhile. */
const KEPT_FOR = 600_000;

/** What the log was looked through for: the runs whose end is there, from one offset up to another. */
interface LookedThrough {
  readonly epoch: string;
  readonly first: bigint;
  readonly next: bigint;
  readonly runs: Set<string>;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
}

/**
 * Which runs have ended, as the log says: asked when an event is delivered again, perhaps after its runs had ended. After an outage that may
 * be each event of a long backlog: for all of them together the log is looked through once, and what has come since is added each time.
 */
export class FinishedRuns {
  private known: LookedThrough | undefined;
  private begun: Position | undefined;
  /** From where on those ask who wait for the next look. */
  private asked: Position[] = [];
  private readonly look = new Gathered(() => this.lookThrough());

  constructor(
    private readonly eventLog: EventLog,
    private readonly clock: Clock,
  ) {}

  /** Notes where the log ends now: whatever is delivered from before may be delivered again. */
  async start(): Promise<void> {
    const { epoch, last } = await this.eventLog.range();
    this.begun = { epoch, offset: last };
  }

  /** Whether an event may have been handled before. */
  mayBeAgain(event: LoggedEvent, attempt: number): boolean {
    this.letGo();
    return attempt > 1 || this.isFromBefore(event);
  }

  /** Whether a run that this event started had ended at the time of the call. */
  async has(run: string, event: LoggedEvent, attempt: number): Promise<boolean> {
    return this.mayBeAgain(event, attempt) && (await this.since(event.position)).has(run);
  }

  /** Whether a run has ended, as the log says from a position (`epoch-offset`) on; false without one. */
  async isOnLog({ id, workspaceId, startedBy }: Run, position = startedBy ?? ''): Promise<boolean> {
    const from = parsePosition(position);
    if (from === undefined) return false;
    if (this.covers(from)) return (await this.since(from)).has(id);
    const found = new Set<string>();
    await this.read(from, workspaceId, found);
    return found.has(id);
  }

  private isFromBefore({ position }: LoggedEvent): boolean {
    return this.begun !== undefined && position.epoch === this.begun.epoch && position.offset <= this.begun.offset;
  }

  private covers({ epoch, offset }: Position): boolean {
    return this.known?.epoch === epoch && this.known.first <= offset;
  }

  /** The runs whose end the log has by now, from a position on or from one before it. */
  private since(from: Position): Promise<ReadonlySet<string>> {
    this.asked.push(from);
    return this.look.ask();
  }

  private async lookThrough(): Promise<ReadonlySet<string>> {
    const { asked } = this;
    this.asked = [];
    const { epoch, first: oldest, last } = await this.eventLog.range();
    const next = last + 1n;
    const from = asked.map((one) => (one.epoch === epoch ? one.offset : oldest)).reduce(earlier, next);
    const fresh = { epoch, first: from, next: from, runs: new Set<string>(), begunAt: 0 };
    const known = this.known?.epoch === epoch ? this.known : fresh;
    if (from < known.first) await this.read({ epoch, offset: from }, '*', known.runs, known.first);
    if (known.next < next) await this.read({ epoch, offset: known.next }, '*', known.runs);
    // However long it took: what is known for the first time is kept from now on.
    const begunAt = known === fresh ? this.clock.now() : known.begunAt;
    this.known = { ...known, first: earlier(from, known.first), next, begunAt };
    return known.runs;
  }

  private letGo(): void {
    if (this.known !== undefined && this.clock.now() >= this.known.begunAt + KEPT_FOR) this.known = undefined;
  }

  /**
   * Adds the runs whose end is on the log from a position on, up to an offset; from its beginning when the position is not there any more, or
   * of another log.
   */
  private async read(from: Position, workspace: string, found: Set<string>, upTo?: bigint): Promise<void> {
    try {
      await this.ends(from, workspace, found, upTo);
    } catch (error) {
      if (!(error instanceof DomainError) || !['log.expired', 'log.epoch_changed'].includes(error.code)) throw error;
      await this.ends('first', workspace, found, upTo);
    }
  }

  private async ends(from: Position | 'first', workspace: string, found: Set<string>, upTo?: bigint): Promise<void> {
    for await (const { source, position } of this.eventLog.read(from, `${workspace}.${FINISHED}`, { live: false })) {
      if (upTo !== undefined && position.offset >= upTo) return;
      if (source.run !== undefined) found.add(source.run);
    }
  }
}

function earlier(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

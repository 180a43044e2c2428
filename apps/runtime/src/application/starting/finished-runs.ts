import { DomainError } from '@millrace/kernel';
import { parsePosition, type EventLog, type LoggedEvent, type Position } from '@millrace/messaging';
import type { Run } from '../../domain/run';
import { FINISHED } from '../execution/journal';

/** What the log was looked through for: from where, up to where, and the runs whose end was there. */
interface LookedThrough {
  readonly first: Position;
  readonly next: Position;
  readonly runs: Set<string>;
}

/**
 * Which runs have ended, as the log says: asked when an event is delivered again, perhaps after its runs had ended. For the events that
 * were on the log when this process began it is looked through once, and what has come since is added each time.
 */
export class FinishedRuns {
  private known: LookedThrough | undefined;
  private reading: Promise<unknown> = Promise.resolve();
  private begun: Position | undefined;

  constructor(private readonly eventLog: EventLog) {}

  /** Notes where the log ends now: whatever is delivered from before may be delivered again. */
  async start(): Promise<void> {
    const { epoch, last } = await this.eventLog.range();
    this.begun = { epoch, offset: last };
  }

  /** Whether an event may have been handled before. */
  mayBeAgain(event: LoggedEvent, attempt: number): boolean {
    return attempt > 1 || this.isFromBefore(event);
  }

  /** Whether a run that this event started had ended at the time of the call. */
  async has(run: string, event: LoggedEvent, attempt: number): Promise<boolean> {
    if (!this.isFromBefore(event)) return attempt > 1 && (await this.read(event.position, event.workspaceId)).has(run);
    const known = this.reading.then(() => this.lookThrough(event.position));
    this.reading = known.catch(() => undefined);
    return (await known).has(run);
  }

  /** Whether a run has ended, as the log says from a position (`epoch-offset`) on; false without one. */
  async isOnLog({ id, workspaceId, startedBy }: Run, position = startedBy ?? ''): Promise<boolean> {
    const from = parsePosition(position);
    return from !== undefined && (await this.read(from, workspaceId)).has(id);
  }

  private isFromBefore({ position }: LoggedEvent): boolean {
    return this.begun !== undefined && position.epoch === this.begun.epoch && position.offset <= this.begun.offset;
  }

  /** The runs whose end the log has by now, from a position on or from one before it. */
  private async lookThrough(from: Position): Promise<ReadonlySet<string>> {
    const before = this.known !== undefined && this.known.first.offset <= from.offset ? this.known : undefined;
    const { first, next, runs } = before ?? { first: from, next: from, runs: new Set<string>() };
    const { epoch, last } = await this.eventLog.range();
    for (const run of await this.read(next, '*')) runs.add(run);
    this.known = { first, next: { epoch, offset: last + 1n }, runs };
    return runs;
  }

  /** The runs whose end is on the log, from a position on; from its beginning when the position is not there any more, or of another log. */
  private async read(from: Position, workspace: string): Promise<ReadonlySet<string>> {
    try {
      return await this.ends(from, workspace);
    } catch (error) {
      if (!(error instanceof DomainError) || !['log.expired', 'log.epoch_changed'].includes(error.code)) throw error;
      return this.ends('first', workspace);
    }
  }

  private async ends(from: Position | 'first', workspace: string): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for await (const { source } of this.eventLog.read(from, `${workspace}.${FINISHED}`, { live: false })) {
      if (source.run !== undefined) found.add(source.run);
    }
    return found;
  }
}

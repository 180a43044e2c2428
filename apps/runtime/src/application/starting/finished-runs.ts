import { DomainError } from '@millrace/kernel';
import { parsePosition, type EventLog, type LoggedEvent, type Position } from '@millrace/messaging';
import type { Run } from '../../domain/run';
import { FINISHED } from '../execution/journal';

/**
 * Which runs have ended, as the log says: asked when an event is delivered again, perhaps after its runs had ended. What was on the log
 * when this process began is looked through once.
 */
export class FinishedRuns {
  private first: Position | undefined;
  private reading: Promise<ReadonlySet<string>> | undefined;
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

  /** Whether a run that this event started has ended. */
  async has(run: string, event: LoggedEvent, attempt: number): Promise<boolean> {
    const { begun } = this;
    const isOld = begun !== undefined && this.isFromBefore(event);
    if (isOld && (await this.endedBefore(event.position)).has(run)) return true;
    return attempt > 1 && (await this.read(isOld ? begun : event.position, event.workspaceId)).has(run);
  }

  /** Whether a run has ended, as the log says from a position (`epoch-offset`) on; false without one. */
  async isOnLog({ id, workspaceId, startedBy }: Run, position = startedBy ?? ''): Promise<boolean> {
    const from = parsePosition(position);
    return from !== undefined && (await this.read(from, workspaceId)).has(id);
  }

  private isFromBefore({ position }: LoggedEvent): boolean {
    return this.begun !== undefined && position.epoch === this.begun.epoch && position.offset <= this.begun.offset;
  }

  /** The runs whose end the log had when it was looked through, from a position on; it is looked through once. */
  private async endedBefore(position: Position): Promise<ReadonlySet<string>> {
    if (this.first === undefined || position.offset < this.first.offset) {
      this.first = position;
      this.reading = this.read(position, '*');
      this.reading.catch(() => (this.first = undefined));
    }
    return (await this.reading) ?? new Set();
  }

  /** The runs whose end is on the log, from a position on; from its beginning when the position is not there any more. */
  private async read(from: Position, workspace: string): Promise<ReadonlySet<string>> {
    try {
      return await this.ends(from, workspace);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'log.expired') throw error;
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

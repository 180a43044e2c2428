import { parsePosition, type EventLog, type LoggedEvent, type Position } from '@millrace/messaging';
import type { Run } from '../../domain/run';
import { FINISHED } from '../execution/journal';

/**
 * Which runs have ended, as the log says: asked when an event is delivered again, perhaps after its runs had ended. What was on the log
 * when this process began is looked through once.
 */
export class FinishedRuns {
  private first: Position | undefined;
  private readonly before = new Set<string>();
  private reading: Promise<void> | undefined;
  private begun: Position | undefined;

  constructor(private readonly eventLog: EventLog) {}

  /** Notes where the log ends now: whatever is delivered from before may be delivered again. */
  async start(): Promise<void> {
    const { epoch, last } = await this.eventLog.range();
    this.begun = { epoch, offset: last };
  }

  /** Whether an event may have been handled before. */
  mayBeAgain({ position }: LoggedEvent, attempt: number): boolean {
    return attempt > 1 || (this.begun !== undefined && position.epoch === this.begun.epoch && position.offset <= this.begun.offset);
  }

  /** Whether a run that this event started has ended. */
  async has(run: string, event: LoggedEvent, attempt: number): Promise<boolean> {
    if (attempt > 1) return (await this.read(event.position, event.workspaceId)).has(run);
    if (this.first === undefined || event.position.offset < this.first.offset) {
      this.first = event.position;
      this.reading = this.read(event.position, '*').then((found) => found.forEach((one) => this.before.add(one)));
    }
    await this.reading;
    return this.before.has(run);
  }

  /** Whether a run that an event started has ended, as far as the log goes. */
  async isOnLog({ id, workspaceId, startedBy }: Run): Promise<boolean> {
    const from = parsePosition(startedBy ?? '');
    return from !== undefined && (await this.read(from, workspaceId)).has(id);
  }

  private async read(from: Position, workspace: string): Promise<Set<string>> {
    const found = new Set<string>();
    for await (const { source } of this.eventLog.read(from, `${workspace}.${FINISHED}`, { live: false })) {
      if (source.run !== undefined) found.add(source.run);
    }
    return found;
  }
}

import type { Clock, Ids } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import type { Held } from '../../domain/declared/hold';
import { VIOLATED, violatedEvent, warningsOf } from './held-batch';

const MINUTE = 60_000;

/** Makes the events that tell of others that were let in though they do not fit: once a minute, type and version, whichever process sees it first. */
export class Violations {
  private minute = 0;
  private known = new Set<string>();

  constructor(private readonly parts: { readonly clock: Clock; readonly ids: Ids }) {}

  /** What is to be told now. Another process that tells the same gives it the same id, and the log keeps one. */
  of(context: CallContext, workspaceId: string, held: readonly Held[]): readonly NewEvent[] {
    const warnings = warningsOf(held);
    if (warnings.length === 0) return [];
    const time = this.parts.clock.now();
    this.begin(Math.floor(time / MINUTE));
    return warnings.flatMap((warning) => {
      const id = this.parts.ids.derive('evt', workspaceId, VIOLATED, warning.type, String(warning.version), String(this.minute));
      return this.known.has(id) ? [] : [violatedEvent(context, workspaceId, warning, { id, time })];
    });
  }

  /** The log has them: they need not be told again this minute. */
  told(events: readonly NewEvent[]): void {
    for (const { id } of events) this.known.add(id);
  }

  private begin(minute: number): void {
    if (minute === this.minute) return;
    this.minute = minute;
    this.known = new Set();
  }
}

import { DomainError, type Clock } from '@millrace/kernel';
import type { EventLog } from '@millrace/messaging';

const CLOSED_ABOVE = 0.8;
const BELIEVED_FOR = 1_000;

/** Closes the door to clients while the log is more than four fifths full, so that what services have to say still fits. */
export class BackPressure {
  private askedAt = Number.NEGATIVE_INFINITY;
  /** How full the log is, 0 to 1. Those who ask while it is being found out wait for it in their order. */
  private share = Promise.resolve(0);

  constructor(
    private readonly eventLog: EventLog,
    private readonly clock: Clock,
  ) {}

  /** Refuses with `events.log_filling`. What the log said counts for a second. */
  async check(): Promise<void> {
    const now = this.clock.now();
    if (now - this.askedAt >= BELIEVED_FOR) {
      this.askedAt = now;
      this.share = this.ask();
    }
    const share = await this.share;
    if (share >= CLOSED_ABOVE) throw filling(Math.floor(share * 100));
  }

  private async ask(): Promise<number> {
    const { bytes, capacity } = await this.eventLog.range();
    return bytes / capacity;
  }
}

function filling(percent: number): DomainError {
  return new DomainError(
    'events.log_filling',
    'unavailable',
    `The event log is ${percent} % full and takes nothing more from clients for now. Try again in a minute.`,
    { facts: { percent, retryAfter: 60 } },
  );
}

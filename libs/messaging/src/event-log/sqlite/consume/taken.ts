import type { StoredLetter } from '../store/dead-table';
import type { Inflight } from '../store/durable-table';
import type { StoredEvent } from '../store/stored-event';

/** An event in a durable's care: taken from the log (or from the dead letters) and not done yet. Changes as deliveries fail. */
export class Taken {
  attempts = 0;
  dueAt = 0;
  reason = '';
  /** Somebody may have had it before. */
  isAgain = false;
  /** Deliveries that counted for nothing. */
  holdUps = 0;
  firstFailedAt: number | undefined;
  /** Let go while the event has to wait long; it is read again then. */
  event: StoredEvent | undefined;
  /** Set when this is one more try of a dead letter. */
  letter: StoredLetter | undefined;
  /** The delivery in hand is counted before it ends: the process may die of it. */
  isCounted = false;

  constructor(
    readonly offset: number,
    /** One at a time per key; undefined: no order. */
    readonly key: string | undefined,
  ) {}

  /** A process died while it had this event in hand. */
  get hasCrashed(): boolean {
    return this.reason === HANDLER_CRASHED;
  }

  fail(reason: string, now: number): void {
    this.attempts += 1;
    this.reason = reason;
    this.firstFailedAt ??= now;
    this.isCounted = false;
  }

  /** What it needs is away: that counts for nothing, but whoever handles it next may not be the first. */
  holdUp(): void {
    this.isAgain = true;
    this.holdUps += 1;
    this.isCounted = false;
  }

  /** Goes on where an earlier process left off. */
  resume(inflight: Inflight): this {
    this.attempts = inflight.attempts;
    this.dueAt = inflight.dueAt;
    this.reason = inflight.reason;
    this.firstFailedAt = inflight.firstFailedAt;
    this.isAgain = true;
    return this;
  }

  /** What the file should know of it. */
  toInflight(): Inflight {
    const { offset, dueAt, firstFailedAt } = this;
    if (this.isCounted) return { offset, attempts: this.attempts + 1, dueAt, reason: HANDLER_CRASHED, firstFailedAt };
    return { offset, attempts: this.attempts, dueAt, reason: this.reason, firstFailedAt };
  }
}

/** The reason of a delivery that nobody lived to report. */
export const HANDLER_CRASHED = 'log.handler_crashed: the process ended while the event was handled';

import type { LoggedEvent } from '@millrace/messaging';
import type { Letter } from './letters';

/** An event in a durable's care. Changes as deliveries fail. */
export class Taken {
  readonly offset: number;
  /** Deliveries that failed, or of which nothing was heard. */
  attempts = 0;
  /** Not to be delivered before. */
  dueAt = 0;
  reason = '';
  /** It was delivered, and that counts for nothing. */
  isAgain = false;
  /** Deliveries that counted for nothing. */
  holdUps = 0;
  firstFailedAt: number | undefined;
  /** Set when this is one more try of a dead letter. */
  letter: Letter | undefined;

  constructor(
    readonly event: LoggedEvent,
    /** One at a time per key; undefined: no order. */
    readonly key: string | undefined,
  ) {
    this.offset = Number(event.position.offset);
  }

  fail(reason: string, now: number): void {
    this.attempts += 1;
    this.reason = reason;
    this.firstFailedAt ??= now;
  }
}

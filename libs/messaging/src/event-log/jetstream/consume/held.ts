import type { StreamEvent } from '../stream-event';
import type { Letter } from '../letters/letters';
import type { Source } from './source';

/** The reason of a delivery that nobody lived to report. */
export const HANDLER_CRASHED = 'log.handler_crashed: the process ended while the event was handled';

/** What is known of an event that failed in a durable. Times are milliseconds since 1970. */
export interface Failures {
  /** Deliveries that failed. */
  readonly attempts: number;
  readonly reason: string;
  readonly firstFailedAt: number;
  /** Not before then. */
  readonly dueAt: number;
  /** A delivery was begun elsewhere that nobody reported: the process may have died of it. */
  readonly begun: boolean;
}

/** What a process knows of an event that it has, but for how it came. */
export type Known = Pick<
  Held,
  'count' | 'attempts' | 'reason' | 'dueAt' | 'firstFailedAt' | 'isSuspect' | 'hasRecord' | 'holdUps' | 'isHeldUp' | 'isBegun'
>;

/** An event of a durable that the server gave to this process, and that is not done yet. Changes as deliveries fail. */
export class Held {
  attempts = 0;
  reason = '';
  dueAt = 0;
  firstFailedAt: number | undefined;
  /** Set when this is one more try of a dead letter. */
  letter: Letter | undefined;
  /** The sequence of what asked for that. */
  redrive = 0;
  /** The server gave it before, and heard nothing: its process may have died of it. */
  isSuspect = false;
  /** Somebody may have had it before, and even have done it. */
  isAgain = false;
  /** What failed is written down, or being written. */
  hasRecord = false;
  /** Deliveries that counted for nothing. */
  holdUps = 0;
  /** Its last delivery ended for want of something that is away. */
  isHeldUp = false;
  /** Waits for its next attempt. */
  isWaiting = false;
  /** A handler has it. */
  isInHand = false;
  /** It was admitted to the queue of its key. */
  isAdmitted = false;
  /** Its payload was erased meanwhile: the server has it no more. */
  isErased = false;
  /** How often the server has given it to somebody. */
  count = 1;
  /** Which of all deliveries of its consumer this was. */
  delivery = 0;
  /** Of the line, when the server gave it. */
  session = 0;
  /** A delivery was written down as begun, and not yet as ended. */
  isBegun = false;
  /** The server gave it to somebody else, or may have. */
  isLost = false;

  constructor(
    readonly source: Source,
    /** Where to answer for it. */
    public reply: string,
    public event: StreamEvent,
    /** One at a time per key; undefined: no order. */
    readonly key: string | undefined,
    /** Until then, by this process's own steady clock, the server gives it to nobody else. */
    public heldUntil: number,
  ) {}

  get offset(): number {
    return this.event.sequence;
  }

  get lost(): AbortSignal {
    return this.source.lost;
  }

  /** A process died while it had this event in hand. */
  get mayKill(): boolean {
    return this.letter === undefined && this.reason === HANDLER_CRASHED;
  }

  get known(): Known {
    const { count, attempts, reason, dueAt, firstFailedAt, isSuspect, hasRecord, holdUps, isHeldUp, isBegun } = this;
    return { count, attempts, reason, dueAt, firstFailedAt, isSuspect, hasRecord, holdUps, isHeldUp, isBegun };
  }

  /** Goes on where this process left off. */
  goOn({ count, ...known }: Known): void {
    Object.assign(this, known);
    this.count = Math.max(this.count, count);
  }

  fail(reason: string, now: number): void {
    this.attempts += 1;
    this.isHeldUp = false;
    this.reason = reason;
    this.firstFailedAt ??= now;
  }

  /** Goes on where another process, or an earlier one, left off. */
  resume(failures: Failures | undefined, now: number): void {
    this.isSuspect = true;
    if (failures === undefined) return;
    this.hasRecord = true;
    this.attempts = failures.attempts;
    this.reason = failures.reason;
    this.firstFailedAt = failures.firstFailedAt === 0 ? undefined : failures.firstFailedAt;
    this.dueAt = failures.dueAt;
    if (failures.begun) this.fail(HANDLER_CRASHED, now);
  }
}

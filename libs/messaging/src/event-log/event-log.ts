import type { LoggedEvent, NewEvent, Position } from './event';

/** `<workspace or *>.<type pattern>`, e.g. `ws_01j….orders.>`; in the type `*` is one token and a final `>` one or more. */
export type Pattern = string;

/** A named cursor shared by all processes that consume it. */
export interface Durable {
  readonly name: string;
  readonly filter: readonly Pattern[];
  /** `key`: events of one workspace and key one after another, other keys at once. `none`: any order. */
  readonly order: 'key' | 'none';
  /** Events in hand at once, all keys together. */
  readonly parallel: number;
  /** Deliveries before an event goes to the dead letters; those that failed for want of what is away do not count, up to 900 of them. */
  readonly attempts: number | 'unlimited';
  /** Where a durable that never ran begins. Later starts go on where it was. */
  readonly start: 'first' | 'now' | Position;
}

/**
 * `retry`: again after `delay` milliseconds; the key waits meanwhile. `dead`: to the dead letters now. A throw is `retry` with back-off. When
 * what was thrown or what caused it is a refusal of kind `unavailable`, the delivery does not count, and the next is after the first delay.
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly delay: number; readonly reason: string }
  | { readonly kind: 'dead'; readonly reason: string };

export interface Delivery {
  /** Deliveries that failed, and this one: 1 for the first. */
  readonly attempt: number;
  /**
   * It may have been handed out before, and perhaps been done: whoever had it is gone, or the log has forgotten what it heard. Absent or
   * false: nobody had it.
   */
  readonly isAgain?: boolean;
  /** Aborted when the consumption stops and the grace is over. */
  readonly signal: AbortSignal;
}

export interface Consumption {
  /** Takes nothing new, waits for what is in hand up to `grace` milliseconds; what is not done then is delivered again. */
  stop(grace: number): Promise<void>;
}

/** `duplicate`: the id was there already, and this is its old position. */
export interface Appended {
  readonly id: string;
  readonly position: Position;
  readonly recordedAt: number;
  readonly duplicate: boolean;
}

export interface DeadLetter {
  readonly id: string;
  readonly durable: string;
  readonly event: LoggedEvent;
  readonly reason: string;
  readonly attempts: number;
  readonly firstFailedAt: number;
  readonly lastFailedAt: number;
}

export interface DeadLetters {
  /** Oldest first, after the letter `after`. */
  list(limit: number, after?: string): Promise<readonly DeadLetter[]>;
  get(id: string): Promise<DeadLetter | undefined>;
  /** Hands the event to the durable's handler again, once; the letter leaves when that succeeds. False: no such letter. */
  redrive(id: string): Promise<boolean>;
  discard(id: string): Promise<boolean>;
}

export interface LogRange {
  readonly epoch: string;
  /** Offset of the oldest event kept; `last + 1` when empty. */
  readonly first: bigint;
  /** Offset of the newest event; 0 before the first one. */
  readonly last: bigint;
  readonly bytes: number;
  readonly capacity: number;
}

/** How far a durable has come. */
export interface DurableStanding {
  readonly name: string;
  /** Events it has not done, those in hand included. While it does not run, events that it does not ask for may count. */
  readonly lag: number;
  /** No event before it is left to do; absent: nothing is. */
  readonly undone?: Position;
}

export interface TrimOptions {
  /** Names of durables that nobody consumes any more: they hold nothing back. */
  readonly abandoned?: readonly string[];
}

export interface ReadOptions {
  /** Go on with new events when the end is reached. */
  readonly live: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The durable, ordered log of what happened. Refuses with `log.full` (exhausted) when capacity is used up, `log.unavailable` when it
 * cannot be reached.
 */
export abstract class EventLog {
  /** Durable when it resolves; the order of the call is kept. An id already there in its workspace yields its old position. `since`: look for it from there, for a retry older than the deduplication window. */
  abstract append(events: readonly NewEvent[], options?: { readonly since?: Position }): Promise<readonly Appended[]>;
  /** Delivers each matching event at least once. Two consumptions of one durable share its events; one key is never in two hands. */
  abstract consume(durable: Durable, handle: (event: LoggedEvent, delivery: Delivery) => Promise<Outcome>): Promise<Consumption>;
  /** Every matching event from `from` (inclusive) on, once, in order. Ends with `log.epoch_changed` or `log.expired` rather than skip. */
  abstract read(from: Position | 'first' | 'now', filter: Pattern, options: ReadOptions): AsyncIterable<LoggedEvent>;
  abstract range(): Promise<LogRange>;
  /** The position of the oldest event kept that was recorded at `time` (milliseconds since 1970) or later; the one behind the newest when none was. */
  abstract at(time: number): Promise<Position>;
  /** Every durable that ever ran, by name, whether or not it runs. */
  abstract durables(): Promise<readonly DurableStanding[]>;
  abstract dead(durable: string): DeadLetters;
  /** Erasure only: the payload bytes of these positions are overwritten; the positions stay. */
  abstract remove(positions: readonly Position[]): Promise<void>;
  /** Forgets what lies before `before` (exclusive), but never what a durable has not acknowledged. Answers the number of events gone. */
  abstract trim(before: Position, options?: TrimOptions): Promise<number>;
  /** Stops all consumptions and releases what it holds. */
  abstract close(): Promise<void>;
}

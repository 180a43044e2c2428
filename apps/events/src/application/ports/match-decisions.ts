import type { CallContext, LoggedEvent } from '@millrace/messaging';

/** What an automation makes of an event. */
export interface MatchDecision {
  readonly automation: string;
  readonly outcome: string;
  /** The pattern that the event's type fits. */
  readonly pattern: string;
  /** The filter that did not accept the event; empty: none. */
  readonly filter: string;
  /** The part of it by which it did not. */
  readonly part: string;
  /** The fields of the event that the filter asks for; an empty one: any. */
  readonly fields: readonly string[];
}

export interface Decided {
  /** Digest of the version that decided; empty: none runs, or the caller may read no automation. */
  readonly version: string;
  readonly decisions: readonly MatchDecision[];
}

/** What automations make of events. */
export abstract class MatchDecisions {
  /** By the version that is active now, of the automations that the caller may read. Refuses as the runtime does when that is away. */
  abstract of(context: CallContext, event: LoggedEvent): Promise<Decided>;
}

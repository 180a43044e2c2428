import type { JsonMap } from '@millrace/kernel';

/** What is played: a workspace, and what comes to it from outside. */
export interface Scenario {
  readonly automations: readonly Program[];
  readonly deeds: readonly Deed[];
  /** Nothing in it depends on chance, on time or on who is first: whatever happens meanwhile, it comes to the same. */
  readonly isSure: boolean;
}

/** An automation. */
export interface Program {
  readonly slug: string;
  readonly document: JsonMap;
}

/** Something that somebody outside does. `after`: milliseconds since the beginning. */
export type Deed = EventDeed | CallDeed;

export interface EventDeed {
  readonly kind: 'event';
  readonly after: number;
  readonly id: string;
  readonly type: string;
  readonly payload: JsonMap;
  /** Ordering key. */
  readonly key?: string;
  readonly session?: string;
  /** The producer sends it twice, as after an answer that was lost. */
  readonly isRepeated: boolean;
}

/** A call of an endpoint, made until it is answered. */
export interface CallDeed {
  readonly kind: 'call';
  readonly after: number;
  readonly path: string;
  /** The caller's `Idempotency-Key`. */
  readonly key: string;
  readonly payload: JsonMap;
  /** Two calls at once, with the same key. */
  readonly isRepeated: boolean;
}

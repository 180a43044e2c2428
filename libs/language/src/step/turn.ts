import type { Json, JsonMap } from '@millrace/kernel';
import type { EffectError, Failure } from '../problems/failure';
import type { Effect } from './effects';

/** Why an automation runs. */
export interface RunTrigger {
  readonly type: 'event' | 'endpoint' | 'schedule' | 'source' | 'automation' | 'test';
  readonly value: string;
  readonly id?: string;
}

/** Who a run acts for: the keys of the contexts `user`, `session` and `socket`, and what emits carry. */
export interface RunIdentity {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly socketId?: string;
  readonly ip?: string;
}

/** What a run starts from. Recorded as it is; the same begin gives the same run. */
export interface Begin {
  /** The run's id: event ids and idempotency keys derive from it. */
  readonly run: string;
  /** The full slug of the automation. */
  readonly slug: string;
  readonly locals: JsonMap;
  readonly trigger: RunTrigger;
  readonly workspaceId: string;
  readonly correlationId: string;
  /** From 1. */
  readonly depth: number;
  readonly identity: RunIdentity;
  /** Seeds `rand()` and `uuid()`. */
  readonly seed: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The read-only keys of the contexts, by context; those of `run` that follow from the rest of the begin need not be given. */
  readonly prefilled?: Readonly<Record<string, JsonMap>>;
  /** What becomes of events that nobody declares; absent: they are published like any other. */
  readonly unknownEvents?: 'warn' | 'refuse';
  /** The workspace's configuration; loaded on first use when absent. */
  readonly config?: JsonMap;
}

/**
 * What came of an effect, and when (milliseconds). `value` is what the effect's description promises. An outcome of an effect nobody
 * awaits is ignored.
 */
export interface Outcome {
  readonly effect: string;
  readonly at: number;
  readonly value?: Json;
  readonly error?: EffectError;
}

/** Ends a run from outside: neither `catch` nor `finally` sees it. */
export interface Signal {
  readonly signal: 'cancel' | 'fail';
  readonly at: number;
  /** For `fail`: what the run fails with, such as `runtime.run_timeout`. For `cancel`: who or why. */
  readonly error?: EffectError;
}

/** How a run ended. */
export type Ended =
  { readonly output: Json; readonly break?: true } | { readonly error: Failure } | { readonly cancelled: true; readonly reason?: string };

/** One turn of a run: the new state, what to do, and how the run ended if it did. All of it is JSON. */
export interface Turn {
  readonly state: Json;
  readonly effects: readonly Effect[];
  /** Effects of earlier turns whose outcome nobody awaits any more: abort them. */
  readonly dropped: readonly string[];
  /** Passes of loops that it began; absent: none. */
  readonly passes?: number;
  readonly ended?: Ended;
}

import type { Json, JsonMap } from '@millrace/kernel';

/** One entry of `when.events`. `pattern` is a full name or pattern, with the prefix of the app instance. */
export interface EventTrigger {
  readonly pattern: string;
  /** The filter's source, if any. */
  readonly filter?: string;
}

export type HttpMethod = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options';

/** How the signature of a webhook call is checked. `secret` is a template to be resolved by whoever checks. */
export interface Verification {
  readonly preset: string;
  readonly secret: string;
  /** Milliseconds. */
  readonly tolerance: number;
  readonly header?: string;
  readonly algorithm?: string;
  readonly encoding?: string;
  readonly payload?: string;
  readonly prefix?: string;
  readonly timestamp?: string;
}

/** `when.endpoint`, all defaults filled in. */
export interface EndpointTrigger {
  /** `orders/:id`, `files/*rest`; without a slash at either end. */
  readonly path: string;
  /** Empty: all of them. */
  readonly methods: readonly HttpMethod[];
  /** `members`, `signed-in`, `public`, or the name of an action. */
  readonly access: string;
  readonly verify?: Verification;
  /** JSON Schema of the body. */
  readonly request?: Json;
  readonly respond: 'result' | 'accepted';
  /** How long the call is held, in milliseconds. */
  readonly wait: number;
  readonly onDisconnect: 'continue' | 'cancel';
  /** A template over the locals of the call. */
  readonly dedupe?: string;
}

/** One entry of `when.schedules`, all defaults filled in; exactly one of `cron`, `every` and `at`. Durations are in milliseconds. */
export interface ScheduleTrigger {
  /** As written: the local `schedule.value`. */
  readonly value: string;
  readonly cron?: string;
  readonly every?: number;
  /** Milliseconds since 1970. */
  readonly at?: number;
  readonly timeZone: string;
  readonly missed: 'none' | 'last' | 'all';
  readonly missedWithin: number;
  readonly overlap: 'skip' | 'queue' | 'cancel' | 'allow';
  readonly jitter: number;
  readonly dst: { readonly missing: 'shift' | 'skip'; readonly repeated: 'first' | 'both' };
}

/** One entry of `when.sources`. */
export interface SourceTrigger {
  readonly action: string;
  readonly version?: string;
  readonly inputs: JsonMap;
  readonly place?: Json;
  readonly filter?: string;
}

/** What starts an automation. */
export interface Triggers {
  readonly events: readonly EventTrigger[];
  readonly endpoint?: EndpointTrigger;
  readonly schedules: readonly ScheduleTrigger[];
  readonly sources: readonly SourceTrigger[];
}

/** How runs of an automation are admitted (language reference, options of an automation). Durations are in milliseconds. */
export interface Admission {
  readonly order: 'event' | 'none';
  readonly concurrency?: { readonly limit: number; readonly key?: string; readonly policy: 'queue' | 'skip' | 'reject' | 'cancel' };
  readonly debounce?: { readonly key?: string; readonly period: number; readonly maxWait?: number };
  readonly batch?: { readonly key?: string; readonly size: number; readonly within: number };
  readonly timeout: number;
  readonly retry?: RetryPolicy;
  readonly priority: 'low' | 'normal' | 'high';
  /** What is kept of its runs: with their steps, without, only of failed ones, nothing. */
  readonly record: 'full' | 'summary' | 'errors' | 'none';
}

/** How often an effect or a run is tried. Durations are in milliseconds. */
export interface RetryPolicy {
  /** Counts the first. */
  readonly attempts: number;
  readonly delay: number;
  readonly factor: number;
  readonly maxDelay: number;
  readonly jitter: number;
  /** Error codes or statuses (`503`, `5xx`) that are tried again; absent: the effect's own choice. */
  readonly on?: readonly string[];
  /** What to do with an attempt whose outcome was lost in a crash. */
  readonly lost: 'repeat' | 'fail';
}

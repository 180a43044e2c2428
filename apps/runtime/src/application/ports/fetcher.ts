import type { Json } from '@millrace/kernel';
import type { EffectError, FetchRequest, RetryPolicy } from '@millrace/language';

/** What a `fetch` may be told besides its request. */
export interface FetchOptions {
  /** Sent as `Idempotency-Key`, but not with get and head. */
  readonly idempotencyKey: string;
  /** W3C trace context of the run. */
  readonly traceparent?: string;
  /** Milliseconds for one attempt, the whole answer included; for a stream between two chunks. 30 s when absent. */
  readonly timeout?: number;
  readonly retry?: RetryPolicy;
  /** Ends the fetch early. */
  readonly signal: AbortSignal;
}

export type FetchOutcome = { readonly value: Json } | { readonly error: EffectError };

/** Performs the `fetch` of the automation language (`language.md` §6.7): what the other side does is an outcome, never a throw. */
export abstract class Fetcher {
  abstract fetch(request: FetchRequest, options: FetchOptions): Promise<FetchOutcome>;
  /** Lets connections go. */
  abstract close(): Promise<void>;
}

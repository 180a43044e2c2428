import type { Json } from '@millrace/kernel';
import type { EffectError, FetchRequest, RetryPolicy } from '@millrace/language';

/** What a `fetch` may be told besides its request. */
export interface FetchOptions {
  /** The run that asks: a stream that is opened is its own. */
  readonly run: string;
  /** Key of the blob that takes the body when it is to be a file. */
  readonly file: string;
  /** Sent as `Idempotency-Key`, but not with get and head. */
  readonly idempotencyKey: string;
  /** Automations passed until this run, itself included: told to our own gateway, so that runs which call each other there come to an end. */
  readonly depth?: number;
  /** W3C trace context of the run. */
  readonly traceparent?: string;
  /** Milliseconds for one attempt, the whole answer included; for a stream between two chunks. 30 s when absent. */
  readonly timeout?: number;
  readonly retry?: RetryPolicy;
  /** Names of the only hosts that its app may reach, redirects and all; any when absent. */
  readonly hosts?: readonly string[];
  /** Names of the only hosts that its workspace reaches, redirects and all; any when absent. */
  readonly egress?: readonly string[];
  /** Ends the fetch early. */
  readonly signal: AbortSignal;
}

/** Who reads on in a stream. */
export interface StreamOptions {
  readonly run: string;
  /** Ends the reading early, and the stream with it. */
  readonly signal: AbortSignal;
}

export type FetchOutcome = { readonly value: Json } | { readonly error: EffectError };

/** Performs the `fetch` of the automation language (`language.md` §6.7): what the other side does is an outcome, never a throw. */
export abstract class Fetcher {
  abstract fetch(request: FetchRequest, options: FetchOptions): Promise<FetchOutcome>;
  /**
   * Reads on in a stream that a fetch of this run was answered with: `{ item }`, or `{ end: true }` after the last. A handle that this
   * process has not given to this run is `runtime.stream_lost`; a stream that failed is closed.
   */
  abstract next(stream: Json, options: StreamOptions): Promise<FetchOutcome>;
  /** Closes the streams of a run that has ended. */
  abstract closeStreams(run: string): void;
  /** Lets connections go. */
  abstract close(): Promise<void>;
}

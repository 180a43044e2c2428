import type { Principal } from '@millrace/kernel';

/** What every call carries besides its request. */
export interface CallContext {
  /** Who is asking. */
  readonly principal: Principal;
  /** The signed form of `principal`, when somebody else signed it: passed on as it is. Absent: this service signs for itself. */
  readonly passport?: string;
  /** The whole story this call belongs to. */
  readonly correlationId: string;
  /** The event or request one step before. */
  readonly causationId?: string;
  /** Milliseconds since 1970 when the caller gives up. */
  readonly deadline: number;
  /** W3C trace context. */
  readonly traceparent?: string;
  /** The call made twice comes to the same as once: who carries it may make it again when the first was not answered. */
  readonly repeatable?: boolean;
  /** Ends the call early. */
  readonly signal?: AbortSignal;
}

export const HEADER = {
  passport: 'millrace-principal',
  correlation: 'millrace-correlation',
  causation: 'millrace-causation',
  deadline: 'millrace-deadline',
  trace: 'traceparent',
  outcome: 'millrace-outcome',
} as const;

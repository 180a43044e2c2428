/** The seven reasons to refuse. Each door maps them to its own protocol; nothing else about an error decides how it is answered. */
export const REFUSALS = ['invalid', 'unauthenticated', 'forbidden', 'not-found', 'conflict', 'exhausted', 'unavailable'] as const;

export type Refusal = (typeof REFUSALS)[number];

/** One place in the input that is wrong: `pointer` is a JSON Pointer (RFC 6901) into what the caller sent. */
export interface FieldProblem {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** What a person or a log may know of a refusal. Never a secret. */
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface RefusalDetails {
  readonly facts?: Facts;
  readonly errors?: readonly FieldProblem[];
}

/**
 * A refusal: something expected went wrong and the caller can be told. `code` is stable (`<service>.<what_happened>`), `message` says
 * what happened, where, and what to do next. Anything thrown that is not a DomainError is a fault of ours.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly facts: Facts;
  readonly errors: readonly FieldProblem[];

  constructor(
    readonly code: string,
    readonly refusal: Refusal,
    message: string,
    details: RefusalDetails = {},
  ) {
    super(message);
    this.facts = details.facts ?? {};
    this.errors = details.errors ?? [];
  }
}

/** Whether what was thrown says, or what caused it, that something could not be reached: no fault of what was being done. */
export function isAway(fault: unknown): boolean {
  for (let cause = fault; cause instanceof Error; { cause } = cause) {
    if (cause instanceof DomainError && cause.refusal === 'unavailable') return true;
  }
  return false;
}

import { DomainError, type Facts, type FieldProblem, type Refusal } from '@millrace/kernel';

/** A refusal as socket clients get it: the members of an HTTP problem that mean something here. */
export interface Problem {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  readonly facts: Facts;
}

const STATUS: Readonly<Record<Refusal, number>> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  exhausted: 429,
  unavailable: 503,
};

/** What the client may know of what was thrown; of a fault nothing but that it was one. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof DomainError)) {
    return { code: 'api.internal', status: 500, detail: 'Something failed on our side. Try again.', errors: [], facts: {} };
  }
  const { code, refusal, message, errors, facts } = error;
  return { code, status: code.endsWith('too_large') ? 413 : STATUS[refusal], detail: message, errors, facts };
}

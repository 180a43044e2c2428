import { DomainError } from '@millrace/kernel';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';

/** What is wrong with the grant itself, not with who asks or when (RFC 6749 §5.2). */
const OVER = 'invalid_grant';
/** The provider or the way to it is at fault: another try may do. */
const PASSING: readonly string[] = ['server_error', 'temporarily_unavailable', 'OAUTH_TIMEOUT', 'OAUTH_ABORT'];

/** Whether the provider says that what was granted counts no more. */
export function isOver(error: unknown): boolean {
  return error instanceof ResponseBodyError && error.error === OVER;
}

/** Why a sign-in came to nothing, in our words. */
export function signInRefused(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (!isAnswer(error) || PASSING.includes(reasonOf(error))) return providerAway(error);
  return new DomainError(
    'auth.sign_in_refused',
    'unauthenticated',
    'The identity provider did not sign you in, or its answer was altered or came twice. Start again.',
    { facts: { reason: reasonOf(error) } },
  );
}

/** The provider gives no answer that can be used. */
export function providerAway(cause: unknown): DomainError {
  const refusal = new DomainError(
    'auth.provider_away',
    'unavailable',
    'The identity provider does not answer as it should. Try again in a moment; if it lasts, tell the operators.',
  );
  refusal.cause = cause;
  return refusal;
}

type Answered = AuthorizationResponseError | ClientError | ResponseBodyError;

function isAnswer(error: unknown): error is Answered {
  return error instanceof AuthorizationResponseError || error instanceof ResponseBodyError || error instanceof ClientError;
}

/** A code of the standard, or of the library that checked the answer. */
function reasonOf(error: Answered): string {
  return ((error instanceof ClientError ? error.code : error.error) ?? 'unknown').slice(0, 64);
}

import { DomainError } from '@millrace/kernel';

/** The key belongs to another request. */
export function keyReused(): DomainError {
  return new DomainError(
    'api.idempotency_key_reused',
    'invalid',
    'This Idempotency-Key was sent before, with another request. Send a new key with each new request.',
  );
}

/** The first request with the key has no answer yet. */
export function stillRunning(): DomainError {
  return new DomainError(
    'api.idempotency_running',
    'conflict',
    'The first request with this Idempotency-Key is still at work. Send it again in a moment to get its answer.',
    { facts: { retryAfter: 1 } },
  );
}

/** The first request was cut off, or its answer could not be kept. */
export function answerUnknown(): DomainError {
  return new DomainError(
    'api.idempotency_answer_unknown',
    'conflict',
    'The first request with this Idempotency-Key was made, but its answer is not known: it was cut off, or the answer could not be kept. Look at what is there; to make it once more, send a new key.',
  );
}

/** What repeats are known by cannot be reached. */
export function repeatsUnavailable(): DomainError {
  return new DomainError(
    'api.idempotency_unavailable',
    'unavailable',
    'That this request is made only once cannot be promised just now, so it was not made at all. Send it again in a moment.',
  );
}

/** The key is none. */
export function keyInvalid(): DomainError {
  return new DomainError(
    'api.idempotency_key_invalid',
    'invalid',
    'An Idempotency-Key has 1 to 64 visible ASCII characters, and no spaces.',
  );
}

/** Strangers cannot be told apart, so one would get the other's answer. */
export function keyOfNobody(): DomainError {
  return new DomainError(
    'api.idempotency_key_of_nobody',
    'invalid',
    'An Idempotency-Key belongs to whoever sends it, and nobody is signed in here. Sign in, or leave the key out.',
  );
}

import type { DomainError } from '@millrace/kernel';

/** What is answered with a status of its own, where neither the refusal nor who refuses tells it. */
const OWN: Readonly<Record<string, number>> = {
  'api.method_not_allowed': 405,
  'api.request_timeout': 408,
  'api.not_acceptable': 406,
  'api.media_type': 415,
  'api.range_invalid': 416,
  'api.url_too_large': 414,
  'api.expectation_unknown': 417,
  'api.headers_too_large': 431,
  'api.idempotency_key_reused': 422,
  // OpenID Connect Back-Channel Logout 1.0 §2.8.
  'auth.logout_token_invalid': 400,
};

/** The HTTP status of a refusal (`api.md` §2). */
export function statusOf({ code, refusal }: DomainError): number {
  switch (refusal) {
    case 'invalid':
      return OWN[code] ?? invalidStatus(code);
    case 'unauthenticated':
      return 401;
    case 'forbidden':
      return 403;
    case 'not-found':
      // Of a result nobody can tell whether it was there: its address is only ever that of one that was.
      return code === 'runtime.result_gone' ? 410 : 404;
    case 'conflict':
      return conflictStatus(code);
    case 'exhausted':
      return 429;
    case 'unavailable':
      return code === 'wire.timeout' ? 504 : 503;
  }
}

/** What the door cannot read is malformed; what a service will not take was well-formed. */
function invalidStatus(code: string): number {
  if (code.endsWith('_too_large')) return 413;
  return code.startsWith('api.') ? 400 : 422;
}

function conflictStatus(code: string): number {
  if (code.endsWith('.precondition_failed')) return 412;
  return code.endsWith('.precondition_required') ? 428 : 409;
}

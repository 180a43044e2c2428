import { DomainError, type FieldProblem } from '@millrace/kernel';

/** No more than this many places are named in one refusal: who sends a thousand mistakes is helped by the first ones. */
export const MOST_ERRORS = 20;

/** The request cannot be read: not a matter of what it asks for, but of how it is written. The code is `api.<what>`. */
export function malformed(what: string, sentence: string, errors: readonly FieldProblem[] = []): DomainError {
  return new DomainError(`api.${what}`, 'invalid', sentence, { errors });
}

/** The request does not fit the call: one refusal that names every place, under the code of the first. */
export function misfit(errors: readonly [FieldProblem, ...FieldProblem[]]): DomainError {
  const sentence = errors.map(({ pointer, detail }) => `${pointer === '' ? 'The body' : pointer}: ${detail}`).join(' ');
  return new DomainError(errors[0].code, 'invalid', sentence, { errors });
}

/** The request does not pass the checks of its call. */
export function unfit(errors: readonly FieldProblem[]): DomainError {
  return new DomainError('api.invalid', 'invalid', errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '), { errors });
}

export function routeUnknown(): DomainError {
  return new DomainError('api.route_unknown', 'not-found', 'Nothing is served at this path. GET /openapi.json lists what there is.');
}

/** The path is known, but not with this method. `allowed`: those it has, in any case. */
export function methodNotAllowed(method: string, allowed: readonly string[]): DomainError {
  const allow = allowed.flatMap((verb) => (verb === 'get' ? ['GET', 'HEAD'] : [verb.toUpperCase()])).sort();
  return new DomainError('api.method_not_allowed', 'invalid', `This path is not served with ${method}. Use ${allow.join(' or ')}.`, {
    facts: { allow },
  });
}

/** Nobody is signed in, and the call needs somebody. */
export function signInNeeded(): DomainError {
  return new DomainError(
    'api.sign_in_needed',
    'unauthenticated',
    'This call needs to know who is asking. Send an access token: "Authorization: Bearer <token>".',
  );
}

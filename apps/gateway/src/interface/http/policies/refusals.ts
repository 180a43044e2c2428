import { DomainError } from '@millrace/kernel';
import type { Outcome } from '../../../application/policies/limits/limiter';

/** Whole seconds until it is worth coming back. */
const secondsOf = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1000));

const WHOSE = {
  workspace: 'for this workspace',
  address: 'from this address',
  user: 'for this user name',
  principal: 'from you',
} as const;

export function tooMany({ limit, standing }: Outcome): DomainError {
  const { rate, name, by, closes } = limit;
  const retryAfter = secondsOf(standing.wait);
  const allowed = `${rate.limit} in ${rate.window / 1000} s`;
  const shut = closes === undefined ? '' : ' It is closed for a while.';
  return new DomainError(
    'gateway.rate_limited',
    'exhausted',
    `Too many requests ${WHOSE[by]}: "${name}" allows ${allowed}.${shut} Try again in ${retryAfter} s.`,
    { facts: { limit: name, allowed: rate.limit, seconds: rate.window / 1000, retryAfter } },
  );
}

export function addressDenied(): DomainError {
  return new DomainError('gateway.address_denied', 'forbidden', 'Requests from your address are not served here. Ask the operators why.');
}

export function underMaintenance(text: string): DomainError {
  return new DomainError('gateway.maintenance', 'unavailable', text, { facts: { retryAfter: 60 } });
}

/** The rule of the operators for this path takes less than the API does elsewhere. */
export function bodyTooLarge(most: number): DomainError {
  return new DomainError('api.body_too_large', 'invalid', `The body may have ${most} bytes here, and says how many it has. Send less.`);
}

import { PRINCIPAL_KINDS, type Principal, type PrincipalKind } from '@millrace/kernel';
import type { JWTPayload } from 'jose';

/** What `aud` of every passport says. */
export const AUDIENCE = 'millrace';
/** No passport lives longer, in milliseconds. */
export const LONGEST_LIFE = 60_000;
/** Passports end on whole steps of this many milliseconds, so calls of one moment share one. */
export const STEP = 3_000;
/** How far the clocks of two machines may be apart, in milliseconds. */
export const SKEW = 5_000;

/** What a passport says, once its signature has been checked. */
export interface Passport {
  readonly principal: Principal;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** When a passport made now, wanted for `lifetime` milliseconds, ends: rounded up to a step, never beyond the longest life. */
export function endOf(now: number, lifetime: number): number {
  return Math.min(roundUp(now + lifetime), roundUp(now + LONGEST_LIFE) - STEP);
}

/** Reads what `passportClaims` wrote; undefined when anything is not as it writes. */
export function readPassport(claims: JWTPayload, now: number): Passport | undefined {
  const { aud, iat, exp, principal } = claims;
  if (aud !== AUDIENCE || typeof iat !== 'number' || typeof exp !== 'number') return undefined;
  const issuedAt = iat * 1000;
  const expiresAt = exp * 1000;
  if (issuedAt > now + SKEW || expiresAt <= now || expiresAt - issuedAt > LONGEST_LIFE) return undefined;
  return isPrincipal(principal) ? { principal: Object.freeze(principal), expiresAt } : undefined;
}

export function passportClaims(principal: Principal, now: number, expiresAt: number): JWTPayload {
  return { principal, aud: AUDIENCE, iat: now / 1000, exp: expiresAt / 1000 };
}

function roundUp(time: number): number {
  return Math.ceil(time / STEP) * STEP;
}

/** The signer is one of us, so only what rights hang on is looked at. */
function isPrincipal(value: unknown): value is Principal {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, roles } = value as Partial<Record<keyof Principal, unknown>>;
  return PRINCIPAL_KINDS.includes(kind as PrincipalKind) && typeof id === 'string' && id !== '' && isTexts(roles);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

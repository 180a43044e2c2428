import type { Principal } from '@millrace/kernel';
import { passedOn } from './passed-on';
import { tokenRefused } from './refusals';

/** How far the issuer's clock may be from ours, in milliseconds. */
export const LEEWAY = 30_000;
/** No access token is believed longer than this after it was made, in milliseconds. */
const OLDEST = 86_400_000;

/** The roles of the realm that mean something to the platform; others are left out of the principal. */
const PLATFORM_ROLES: readonly string[] = ['person', 'moderator', 'platform-admin', 'platform-operator', 'platform-auditor'];

/** What the platform is set up to accept. */
export interface Expected {
  /** `iss`, compared as it is written. */
  readonly issuer: string;
  /** One of `aud`. */
  readonly audience: string;
  /** The clients whose tokens count (`azp`). */
  readonly clients: readonly string[];
  /** The claims that rules and roles may speak of, beside groups; none when absent. */
  readonly passedOn?: readonly string[];
}

/** Who a token speaks for, and when. */
export interface Identity {
  readonly principal: Principal;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** When it is believed no longer, but for the leeway of clocks; milliseconds since 1970. */
  readonly expiresAt: number;
  /** When the person gave a proof to the issuer, milliseconds since 1970; absent: it does not say. */
  readonly signedInAt?: number;
}

type Claims = Readonly<Record<string, unknown>>;

/** Checks the claims of a token whose signature is good, and reads who is asking. Refuses with `auth.token_…`. */
export function readClaims(claims: Claims, isAccessToken: boolean, expected: Expected, now: number): Identity {
  if (!saysAccess(claims, isAccessToken)) throw tokenRefused('type');
  if (claims['iss'] !== expected.issuer) throw tokenRefused('issuer');
  if (!texts(claims['aud']).includes(expected.audience)) throw tokenRefused('audience');
  if (!expected.clients.includes(text(claims['azp']) ?? '')) throw tokenRefused('client');
  const times = readTimes(claims, now);
  const signedInAt = time(claims['auth_time']);
  return {
    principal: Object.freeze(principalOf(claims, expected.passedOn ?? [])),
    ...times,
    ...(signedInAt === undefined ? {} : { signedInAt }),
  };
}

/** Until when a verified token may be believed without a second look, in milliseconds since 1970. */
export function believedUntil({ expiresAt }: Identity): number {
  return expiresAt + LEEWAY;
}

/** Keycloak says `typ: Bearer` in the claims, RFC 9068 says `at+jwt` in the header. A token bound to a key (`cnf`) is no bearer token. */
function saysAccess(claims: Claims, isAccessToken: boolean): boolean {
  if (Object.hasOwn(claims, 'cnf')) return false;
  return claims['typ'] === undefined ? isAccessToken : claims['typ'] === 'Bearer';
}

function readTimes(claims: Claims, now: number): { issuedAt: number; expiresAt: number } {
  const [issuedAt, expiresAt, notBefore] = [time(claims['iat']), time(claims['exp']), time(claims['nbf'] ?? 0)];
  if (issuedAt === undefined || expiresAt === undefined || notBefore === undefined) throw tokenRefused('malformed');
  if (Math.max(issuedAt, notBefore) > now + LEEWAY) throw tokenRefused('early');
  const end = Math.min(expiresAt, issuedAt + OLDEST);
  if (end + LEEWAY <= now) throw tokenRefused('expired');
  return { issuedAt, expiresAt: end };
}

function principalOf(claims: Claims, names: readonly string[]): Principal {
  const id = text(claims['sub']);
  if (id === undefined || id.length > 255) throw tokenRefused('subject');
  const name = text(claims['name']) ?? text(claims['preferred_username']);
  const email = text(claims['email']);
  const session = text(claims['sid']);
  return {
    kind: 'user',
    id,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email, verified: claims['email_verified'] === true }),
    roles: texts((claims['realm_access'] as Claims | null | undefined)?.['roles']).filter((role) => PLATFORM_ROLES.includes(role)),
    ...(session === undefined ? {} : { session }),
    ...passedOn(claims, names),
  };
}

function time(claim: unknown): number | undefined {
  return typeof claim === 'number' && Number.isFinite(claim) ? claim * 1000 : undefined;
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

/** A claim that is one text or a list of texts. */
function texts(claim: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return list.filter((each) => typeof each === 'string');
}

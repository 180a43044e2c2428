import type { Identity } from '@millrace/auth';
import { ANONYMOUS, DomainError, type Principal } from '@millrace/kernel';
import type { Revocations } from './ports/revocations';
import type { Tokens } from './ports/tokens';
import type { SessionCallers } from './sessions/session-callers';

/** Whatever a request brings to say who is asking. */
export interface Credentials {
  /** The header `Authorization`, as it came. */
  readonly authorization?: string | undefined;
  /** What opens the session of a browser. */
  readonly session?: string | undefined;
}

/** Who is calling a door that lets in strangers. */
export interface Visitor {
  readonly principal: Principal;
  /** Whether the credential was meant for us, good or not: it must go no further. */
  readonly ours: boolean;
}

export interface IdentifyCallerParts {
  readonly tokens: Tokens;
  readonly sessions: Pick<SessionCallers, 'identify'>;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  /** `iss` of our own tokens: the provider's, and the gateway's. */
  readonly issuers: readonly string[];
}

const STRANGER: Visitor = { principal: ANONYMOUS, ours: false };
const SUSPECT: Visitor = { principal: ANONYMOUS, ours: true };

/** Turns the one credential of a request into a principal. */
export class IdentifyCaller {
  constructor(private readonly parts: IdentifyCallerParts) {}

  /** Who is calling; anonymous without a credential. Refuses a credential that proves nobody, and two of them. */
  async caller(credentials: Credentials): Promise<Principal> {
    return (await this.identity(credentials))?.principal ?? ANONYMOUS;
  }

  /** As `caller`, with the times of the proof; undefined without a credential. */
  async identity({ authorization, session }: Credentials): Promise<Identity | undefined> {
    if (authorization !== undefined && session !== undefined) throw credentialsAmbiguous();
    if (session !== undefined) return this.counted(await this.parts.sessions.identify(session));
    if (authorization === undefined) return undefined;
    const token = bearerOf(authorization);
    if (token === undefined) throw schemeUnknown();
    return this.verified(token);
  }

  /** Whom a token speaks for. Refuses with `auth.token_…`. */
  async verified(token: string): Promise<Identity> {
    return this.counted(await this.parts.tokens.verify(token));
  }

  /** Who is calling an endpoint of a workspace: a credential that proves nobody, or is none of ours, is nobody's. */
  async visitor({ authorization, session }: Credentials): Promise<Visitor> {
    const token = authorization === undefined ? undefined : bearerOf(authorization);
    const isOurs = token !== undefined && this.isOurs(token);
    if (!isOurs && session === undefined) return STRANGER;
    try {
      const principal = await this.caller(isOurs ? { authorization, session } : { session });
      return { principal, ours: isOurs };
    } catch (error) {
      if (error instanceof DomainError && error.refusal === 'unauthenticated') return { ...SUSPECT, ours: isOurs };
      throw error;
    }
  }

  private counted(identity: Identity): Identity {
    if (this.parts.revocations.isRevoked(identity)) throw revoked();
    return identity;
  }

  /** A key or token of the platform by its prefix, or a JWT that says so; a JWT that cannot be read is withheld too. */
  private isOurs(token: string): boolean {
    if (/^mr[pk]_/.test(token)) return true;
    const [, payload, ...rest] = token.split('.');
    if (payload === undefined || rest.length !== 1) return false;
    const issuer = issuerOf(payload);
    return issuer === undefined || this.parts.issuers.some((own) => own === issuer);
  }
}

function bearerOf(authorization: string): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1];
}

/** Who a JWT claims to be from, unchecked; undefined when it cannot be read. */
function issuerOf(payload: string): unknown {
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof claims === 'object' && claims !== null && 'iss' in claims ? claims.iss : '';
  } catch {
    return undefined;
  }
}

function schemeUnknown(): DomainError {
  return new DomainError(
    'auth.scheme_unknown',
    'unauthenticated',
    'The Authorization header is not read here: it must be "Bearer" and one access token. Sign in and send "Authorization: Bearer <token>".',
  );
}

function credentialsAmbiguous(): DomainError {
  return new DomainError(
    'api.credentials_ambiguous',
    'invalid',
    'The request brings two credentials, and they could be of two people. Send one: the session of the browser or the header Authorization.',
  );
}

function revoked(): DomainError {
  return new DomainError('auth.token_revoked', 'unauthenticated', 'This sign-in was ended before its time. Sign in again.');
}

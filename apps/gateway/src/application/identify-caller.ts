import { Credential, type Identity } from '@millrace/auth';
import { ANONYMOUS, DomainError, type Principal, type Refusal } from '@millrace/kernel';
import type { KnownCredentials, Whence } from './credentials/known-credentials';
import type { Revocations } from './ports/revocations';
import type { Tokens } from './ports/tokens';
import type { SessionCallers } from './sessions/session-callers';

/** Whatever a request brings to say who is asking, and where it comes from. */
export interface Credentials extends Whence {
  /** The header `Authorization`, as it came. */
  readonly authorization?: string | undefined;
  /** The header `Millrace-Api-Key`, as it came. */
  readonly apiKey?: string | undefined;
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
  /** Keys of workspaces and personal tokens. */
  readonly credentials: Pick<KnownCredentials, 'identify'>;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  /** `iss` of our own tokens: the provider's, and the gateway's. */
  readonly issuers: readonly string[];
}

const STRANGER: Visitor = { principal: ANONYMOUS, ours: false };
const SUSPECT: Visitor = { principal: ANONYMOUS, ours: true };
/** It is wrong, or is not looked at for now, or not from there. */
const PROVES_NOBODY: readonly Refusal[] = ['unauthenticated', 'exhausted', 'forbidden'];

/** Turns the one credential of a request into a principal. */
export class IdentifyCaller {
  constructor(private readonly parts: IdentifyCallerParts) {}

  /** Who is calling; anonymous without a credential. Refuses a credential that proves nobody, and two of them. */
  async caller(credentials: Credentials): Promise<Principal> {
    return (await this.identity(credentials))?.principal ?? ANONYMOUS;
  }

  /** As `caller`, with the times of the proof; undefined without a credential. */
  async identity({ authorization, apiKey, session, ...whence }: Credentials): Promise<Identity | undefined> {
    if ([authorization, apiKey, session].filter((each) => each !== undefined).length > 1) throw credentialsAmbiguous();
    if (session !== undefined) return this.counted(await this.parts.sessions.identify(session));
    if (apiKey !== undefined) return this.parts.credentials.identify(apiKey, whence);
    if (authorization === undefined) return undefined;
    const token = bearerOf(authorization);
    if (token === undefined) throw schemeUnknown();
    return this.verified(token, whence);
  }

  /** Whom an access token, a key or a personal token speaks for. Refuses with `auth.token_…`, `auth.credential_…`. */
  async verified(token: string, whence: Whence): Promise<Identity> {
    if (Credential.isMeantBy(token)) return this.parts.credentials.identify(token, whence);
    return this.counted(await this.parts.tokens.verify(token));
  }

  /** Who is calling an endpoint of a workspace: a credential that proves nobody, or is none of ours, is nobody's. */
  async visitor({ authorization, ...others }: Credentials): Promise<Visitor> {
    const token = authorization === undefined ? undefined : bearerOf(authorization);
    const isOurs = token !== undefined && this.isOurs(token);
    if (!isOurs && others.session === undefined && others.apiKey === undefined) return STRANGER;
    try {
      const principal = await this.caller(isOurs ? { authorization, ...others } : others);
      return { principal, ours: isOurs };
    } catch (error) {
      if (error instanceof DomainError && PROVES_NOBODY.includes(error.refusal)) return { ...SUSPECT, ours: isOurs };
      throw error;
    }
  }

  private counted(identity: Identity): Identity {
    if (this.parts.revocations.isRevoked(identity)) throw revoked();
    return identity;
  }

  /** A key or token of the platform by its prefix, or a JWT that says so; a JWT that cannot be read is withheld too. */
  private isOurs(token: string): boolean {
    if (Credential.isMeantBy(token)) return true;
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
    'The request brings two credentials, and they could be of two people. Send one: the session of the browser, the header Authorization or the header Millrace-Api-Key.',
  );
}

function revoked(): DomainError {
  return new DomainError('auth.token_revoked', 'unauthenticated', 'This sign-in was ended before its time. Sign in again.');
}

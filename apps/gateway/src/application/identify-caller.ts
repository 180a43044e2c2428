import { ANONYMOUS, DomainError, type Principal } from '@millrace/kernel';
import type { Tokens } from './ports/tokens';

/** Who is calling a door that lets in strangers. */
export interface Visitor {
  readonly principal: Principal;
  /** Whether the credential was meant for us, good or not: it must go no further. */
  readonly ours: boolean;
}

const STRANGER: Visitor = { principal: ANONYMOUS, ours: false };
const SUSPECT: Visitor = { principal: ANONYMOUS, ours: true };

/** Turns the `Authorization` of a request into a principal. */
export class IdentifyCaller {
  constructor(
    private readonly tokens: Tokens,
    /** `iss` of our own tokens. */
    private readonly issuer: string,
  ) {}

  /** Who is calling; anonymous without a credential. Refuses a credential that proves nobody. */
  async caller(authorization: string | undefined): Promise<Principal> {
    if (authorization === undefined) return ANONYMOUS;
    const token = bearerOf(authorization);
    if (token === undefined) throw schemeUnknown();
    return (await this.tokens.verify(token)).principal;
  }

  /** Who is calling an endpoint of a workspace: a credential that proves nobody, or is none of ours, is nobody's. */
  async visitor(authorization: string | undefined): Promise<Visitor> {
    if (authorization === undefined) return STRANGER;
    const token = bearerOf(authorization);
    if (token === undefined || !this.isOurs(token)) return STRANGER;
    try {
      return { principal: (await this.tokens.verify(token)).principal, ours: true };
    } catch (error) {
      if (error instanceof DomainError && error.refusal === 'unauthenticated') return SUSPECT;
      throw error;
    }
  }

  /** A key or token of the platform by its prefix, or a JWT that says so; a JWT that cannot be read is withheld too. */
  private isOurs(token: string): boolean {
    if (/^mr[pk]_/.test(token)) return true;
    const [, payload, ...rest] = token.split('.');
    return payload !== undefined && rest.length === 1 && (issuerOf(payload) ?? this.issuer) === this.issuer;
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

import { DomainError } from '@millrace/kernel';

/** What a person gives a program to act for them. Times are milliseconds since 1970. */
export interface PersonalToken {
  readonly id: string;
  /** The person. */
  readonly user: string;
  /** Its place among the tokens of the person, 1 to `MOST_TOKENS`. */
  readonly slot: number;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Ids of the only workspaces it may be used in; none: all of the person's. */
  readonly workspaces: readonly string[];
  readonly digest: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** `2026-01-31` */
  readonly lastUsedOn?: string;
}

export const MOST_TOKENS = 20;

export function tokenMissing(id: string): DomainError {
  return new DomainError('tokens.not_found', 'not-found', `You have no token "${id}". GET /v1/me/tokens shows those you have.`, {
    facts: { token: id },
  });
}

export function tooManyTokens(): DomainError {
  return new DomainError('tokens.too_many', 'exhausted', `A person has at most ${MOST_TOKENS} tokens. Revoke those that nobody uses.`, {
    facts: { limit: MOST_TOKENS },
  });
}

/** No credential makes a wider one, so it takes a person who has signed in. */
export function signedInOnly(): DomainError {
  return new DomainError(
    'tokens.sign_in_needed',
    'forbidden',
    'Tokens are made by people who have signed in, not with a token or a key. Sign in to make one.',
  );
}

export function scopeUnknown(scope: string, index: number): DomainError {
  return new DomainError(
    'tokens.scope_unknown',
    'invalid',
    `"${scope}" is no scope. A scope is <action>:<subject>, such as read:events, manage:automations, read:* or read:me.`,
    { errors: [{ pointer: `/scopes/${index}`, code: 'scope', detail: 'Write <action>:<subject>.' }] },
  );
}

import type { Identity } from '@millrace/auth';

/**
 * What was closed before its time, at `at` (milliseconds since 1970).
 * `session`: a session of the identity provider or of a visitor, for good. `user`: whatever was issued to the person up to `at`; a later
 * sign-in counts again. `key`, `token`: what a gateway knows of a workspace key or a personal token, so that whoever keeps it is asked anew.
 */
export interface Revoked {
  readonly kind: 'session' | 'user' | 'key' | 'token';
  /** The session (`sid`), the person (`sub`), the key (`key_…`) or the token (`tok_…`). */
  readonly id: string;
  readonly at: number;
}

/** What no longer counts although it has not ended. All gateways share it. */
export abstract class Revocations {
  /**
   * Closes for every gateway, within two seconds; told to this one before it resolves. Durable when it resolves, and kept as long as a token
   * can live. May be repeated. `kv.unavailable` when nobody can be told.
   */
  abstract revoke(what: Revoked): Promise<void>;
  /** Whether the session or the person of an access token was closed after it was issued. Costs nothing: it is known before it is asked. */
  abstract isRevoked(identity: Identity): boolean;
  /** Calls back for each closing from now on, whichever gateway made it; again when it is repeated. Answers how to stop that. */
  abstract onRevoked(listener: (what: Revoked) => void): () => void;
}

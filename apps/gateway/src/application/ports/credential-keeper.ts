import type { Credential, Identity } from '@millrace/auth';

/** Whom a key or a token speaks for. */
export interface Kept extends Identity {
  /** Whether it may be used from this address; undefined: one that is not known. */
  allows(address: string | undefined): boolean;
}

/** Whoever keeps the workspace keys and personal tokens. */
export abstract class CredentialKeeper {
  /** Refuses one that proves nobody with `auth.credential_…` (unauthenticated); anything unavailable when nobody can be asked. */
  abstract resolve(credential: Credential): Promise<Kept>;
}

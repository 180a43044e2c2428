import type { Identity } from '@millrace/auth';

/** Says whom an access token speaks for. */
export abstract class Tokens {
  /** Refuses a token that proves nobody with `auth.token_…` (unauthenticated); `auth.keys_unavailable` when it cannot be checked now. */
  abstract verify(token: string): Promise<Identity>;
}

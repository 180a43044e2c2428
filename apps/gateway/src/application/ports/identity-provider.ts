import type { HeldTokens } from '../../domain/sessions/session';

/** What the answer to a sign-in is checked against. Secret until then. */
export interface SignInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What a provider tells of a sign-in that has ended there. */
export interface EndedSignIn {
  /** Of this message, so that it counts once. */
  readonly id: string;
  readonly user?: string;
  /** The sign-in; absent: all of this person. */
  readonly issuerSession?: string;
}

/**
 * Whoever signs people in, as the console's client sees it. Every call but `readLogoutToken` may refuse with `auth.provider_away`
 * (unavailable), or with `auth.sign_in_not_set_up` while the client has no secret.
 */
export abstract class IdentityProvider {
  /** Where a browser goes to sign in, and what its answer will be checked against. `fresh`: whoever is signed in there gives a proof again. */
  abstract begin(fresh: boolean): Promise<{ readonly url: string; readonly checks: SignInChecks }>;
  /** Trades what the browser came back with for tokens. Refuses with `auth.sign_in_refused` (unauthenticated). `callback`: the whole address. */
  abstract redeem(callback: string, checks: SignInChecks): Promise<HeldTokens>;
  /** New tokens; undefined when the sign-in is over at the provider. */
  abstract refresh(refreshToken: string): Promise<HeldTokens | undefined>;
  /** Ends the sign-in that the refresh token belongs to, with all its clients. Over already is fine. */
  abstract end(refreshToken: string): Promise<void>;
  /** What a logout token says. Refuses with `auth.logout_token_…` (invalid) what the provider did not make for this client, now. */
  abstract readLogoutToken(token: string): Promise<EndedSignIn>;
}

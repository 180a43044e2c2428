/** The accounts of people at the identity provider. Every call may refuse with `auth.provider_away` or `auth.accounts_not_set_up` (unavailable). */
export abstract class Accounts {
  /** Ends all sign-ins of the person, with the tokens that were given for them. A person who is not there has none. */
  abstract signOut(user: string): Promise<void>;
  /** Removes the account of the person, with all sign-ins. Gone already is fine. */
  abstract remove(user: string): Promise<void>;
  /** Whose accounts were removed by others since `time` (milliseconds since 1970), in no order; perhaps some of before, too. */
  abstract removedSince(time: number): Promise<readonly string[]>;
  /** Ends one sign-in, by the provider's name of it. Over already is fine. */
  abstract endSignIn(signIn: string): Promise<void>;
}

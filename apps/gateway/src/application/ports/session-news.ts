import type { Session, Whence } from '../../domain/sessions/session';

/** Why something is over. */
export type ClosingReason = 'signed-out' | 'elsewhere' | 'everywhere' | 'provider' | 'renewed' | 'expired' | 'too-many' | 'deleted';

/** What is over: a session, a sign-in at the identity provider with all its clients, or, with neither, all that a person has. */
export interface Closing {
  readonly reason: ClosingReason;
  readonly user?: string;
  readonly session?: string;
  /** The provider's name of the sign-in (`sid`): the session of tokens that apps hold. */
  readonly signIn?: string;
}

/** Tells the log who signed in and out; whoever holds connections closes those of `closed`. Every call may refuse with `log.…`. */
export abstract class SessionNews {
  abstract opened(session: Session): Promise<void>;
  abstract refused(reason: string, whence: Whence): Promise<void>;
  abstract closed(closing: Closing): Promise<void>;
  /** The person has no account any more: every service erases what it keeps of them. Said again it is the same event. */
  abstract left(user: string): Promise<void>;
}

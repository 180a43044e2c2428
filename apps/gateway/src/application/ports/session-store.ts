import type { Session } from '../../domain/sessions/session';

/** A session as it is kept. */
export interface KeptSession {
  /** Its place in the store; tells nothing of the secret. */
  readonly key: string;
  readonly session: Session;
  readonly revision: number;
}

/** The sessions of people in browsers, for all gateways. Every call may refuse with `kv.unavailable`. */
export abstract class SessionStore {
  /** Keeps a new session until its end; answers the secret that opens it: 256 random bits that are kept nowhere. */
  abstract open(session: Session): Promise<string>;
  /** The session that the secret opens. */
  abstract find(secret: string): Promise<KeptSession | undefined>;
  /** The same session as it is now. */
  abstract refind(kept: KeptSession): Promise<KeptSession | undefined>;
  /** A person's, in no order. */
  abstract ofUser(user: string): Promise<readonly KeptSession[]>;
  /** Those that came of one sign-in at the provider. */
  abstract ofIssuerSession(issuerSession: string): Promise<readonly KeptSession[]>;
  /** Keeps what became of the session; undefined when somebody changed or ended it meanwhile. */
  abstract replace(kept: KeptSession, session: Session): Promise<KeptSession | undefined>;
  /** Nobody can open it any more. Gone already is fine. */
  abstract remove(kept: KeptSession): Promise<void>;
  /** The right to renew the tokens of a session, for one gateway at a time and some seconds; undefined: another one has it. Answers how to give it back. */
  abstract lease(kept: KeptSession): Promise<(() => Promise<void>) | undefined>;
  /** The session once it is no longer as it was, within `patience` milliseconds; undefined when it ended, or when nothing happened. */
  abstract next(kept: KeptSession, patience: number): Promise<KeptSession | undefined>;
  /** Acts, unless it was done under this name before, in the last `lifetime` milliseconds. What failed was not done. */
  abstract once(name: string, lifetime: number, act: () => Promise<void>): Promise<void>;
}

import type { Session, Whence } from '../../domain/sessions/session';

/** Why a session is over. `signed-out` and `elsewhere` are the person's wish, here or in another place; the others are not. */
export type ClosingReason = 'signed-out' | 'elsewhere' | 'everywhere' | 'provider' | 'renewed' | 'expired' | 'too-many' | 'deleted';

/** Tells the log who signed in and out. What cannot be told now is told later or logged: nobody waits for it. */
export abstract class SessionNews {
  abstract opened(session: Session): void;
  abstract refused(reason: string, whence: Whence): void;
  abstract closed(session: Session, reason: ClosingReason): void;
}

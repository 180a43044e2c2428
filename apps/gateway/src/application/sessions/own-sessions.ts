import type { Principal } from '@millrace/kernel';
import { endOf } from '../../domain/sessions/session';
import type { SessionStore } from '../ports/session-store';

/** A session as its owner sees it. Times are milliseconds since 1970. */
export interface OwnSession {
  readonly id: string;
  /** Whether the question came with it. */
  readonly current: boolean;
  readonly agent: string;
  readonly ip: string;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly expiresAt: number;
}

/** The browsers in which a person is signed in. */
export class OwnSessions {
  constructor(private readonly sessions: SessionStore) {}

  /** Newest first. */
  async list({ id: user, session: current }: Principal): Promise<readonly OwnSession[]> {
    const kept = await this.sessions.ofUser(user);
    return kept
      .map(({ session }) => ({
        ...{ id: session.id, current: session.id === current, ...session.whence },
        ...{ createdAt: session.openedAt, usedAt: session.usedAt, expiresAt: endOf(session) },
      }))
      .sort((one, other) => other.createdAt - one.createdAt);
  }
}

import type { Principal } from '@millrace/kernel';
import { payloadOf } from '../admission/payload';

/** Whose sign-in, key or token is over: all that come with one of these. */
export interface Closing {
  readonly sessions: readonly string[];
  readonly user?: string;
  readonly key?: string;
  /** Only a proof of theirs is over: with another one they may go on. */
  readonly renews?: boolean;
}

/** As much of an event as tells of a closing. */
interface Told {
  readonly workspaceId: string;
  readonly type: string;
  readonly payload: Uint8Array;
}

const PLATFORM = 'platform';

/** What an event closes; undefined: nothing. Of people the platform alone speaks, of its keys each workspace. */
export function closingOf({ workspaceId, type, payload }: Told): Closing | undefined {
  if (type === 'workspaces.keys.revoked') return closing([], undefined, payloadOf(payload)['key']);
  if (type === 'workspaces.keys.rotated') return { ...closing([], undefined, payloadOf(payload)['key']), renews: true };
  if (workspaceId !== PLATFORM) return undefined;
  switch (type) {
    case 'gateway.sessions.closed': {
      const { session, signIn, user } = payloadOf(payload);
      // One that names no session is of all that the person has.
      return session === undefined && signIn === undefined ? closing([], user) : closing([session, signIn]);
    }
    case 'gateway.users.deleted':
      return closing([], payloadOf(payload)['user']);
    case 'workspaces.tokens.revoked':
      return closing([payloadOf(payload)['token']]);
    default:
      return undefined;
  }
}

/** Whether it is over with whoever comes as this principal. */
export function closes({ sessions, user, key }: Closing, { kind, id, session }: Principal): boolean {
  if (session !== undefined && sessions.includes(session)) return true;
  return id === (kind === 'key' ? key : kind === 'user' ? user : undefined);
}

function closing(sessions: readonly unknown[], user?: unknown, key?: unknown): Closing {
  return {
    sessions: sessions.filter((each) => typeof each === 'string'),
    ...(typeof user === 'string' ? { user } : {}),
    ...(typeof key === 'string' ? { key } : {}),
  };
}

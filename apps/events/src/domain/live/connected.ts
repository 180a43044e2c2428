import { DomainError, type PrincipalKind } from '@millrace/kernel';

/** A socket or stream that follows a workspace, as those see it who manage the workspace's events. */
export interface Connected {
  readonly id: string;
  readonly transport: string;
  readonly kind: PrincipalKind;
  readonly principal: string;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  readonly subscriptions: number;
  /** Type patterns of these, each once, as many as `mostTypes` leaves. */
  readonly types: readonly string[];
  /** It has not been given all that happened. */
  readonly behind: boolean;
}

/** Where a connection stands among others. */
export type Standing = Pick<Connected, 'openedAt' | 'id'>;

const MOST_TYPES = 20;

/** The newest first; those of one millisecond by their ids. */
export function byAge(one: Standing, other: Standing): number {
  return other.openedAt - one.openedAt || (one.id < other.id ? -1 : 1);
}

/** Each pattern once, in order; only so many of them. */
export function mostTypes(patterns: Iterable<string>): readonly string[] {
  return [...new Set(patterns)].sort().slice(0, MOST_TYPES);
}

/** The cursor that leads on behind a connection. */
export function writeStanding({ openedAt, id }: Standing): string {
  return `${openedAt} ${id}`;
}

/** Reads what `writeStanding` wrote; anything else is refused with `events.cursor_invalid`. */
export function readStanding(cursor: string): Standing {
  const [, openedAt, id] = /^(\d{1,16}) ([A-Za-z0-9_-]{1,64})$/.exec(cursor) ?? [];
  if (openedAt !== undefined && id !== undefined) return { openedAt: Number(openedAt), id };
  throw new DomainError('events.cursor_invalid', 'invalid', 'This cursor continues no list of connections. List them again without it.', {
    errors: [{ pointer: '/cursor', code: 'events.cursor_invalid', detail: 'Not a cursor of a list of connections.' }],
  });
}

import { DomainError, type Principal } from '@millrace/kernel';

const LIFE = 24 * 60 * 60 * 1000;

/** Where a page of history ended: when the log accepted its last event, and that event's offset. */
export interface PageMark {
  readonly recordedAt: number;
  readonly offset: bigint;
}

/** What a search asks for, as far as its order and its content depend on it. */
export interface Asked {
  readonly workspaceId: string;
  readonly types: readonly string[];
  readonly where: string;
  readonly text: string;
  readonly from?: number;
  readonly to?: number;
  readonly sort: 'newest' | 'oldest';
}

/** The text a cursor is bound to: who asks, and for what. The size of a page may change on the way. */
export function bindingOf(caller: Principal, asked: Asked): string {
  const { workspaceId, types, where, text, from, to, sort } = asked;
  return JSON.stringify([caller.kind, caller.id, workspaceId, types, where, text, from ?? null, to ?? null, sort]);
}

/** What a cursor made now says, before it is sealed. */
export function writeMark(mark: PageMark, now: number): string {
  return `${mark.recordedAt} ${mark.offset} ${now + LIFE}`;
}

/** Reads what `writeMark` wrote; `events.cursor_invalid` when it is too old, or nothing could be opened. */
export function readMark(opened: string | undefined, now: number): PageMark {
  const match = /^(\d+) (\d+) (\d+)$/.exec(opened ?? '');
  const [, recordedAt, offset, until] = match ?? [];
  if (recordedAt === undefined || offset === undefined || Number(until) <= now) throw cursorInvalid();
  return { recordedAt: Number(recordedAt), offset: BigInt(offset) };
}

/** The cursor is none of ours, too old, or of another search or caller. */
export function cursorInvalid(): DomainError {
  return new DomainError(
    'events.cursor_invalid',
    'invalid',
    'This cursor does not continue this search: it is older than 24 h, was changed, or belongs to another filter or caller. Search again without it.',
    { errors: [{ pointer: '/cursor', code: 'events.cursor_invalid', detail: 'Not a cursor of this search.' }] },
  );
}

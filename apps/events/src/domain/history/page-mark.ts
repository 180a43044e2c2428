import { DomainError } from '@millrace/kernel';

/** Where a page of history ended: when the log accepted its last event, and that event's offset. */
export interface PageMark {
  readonly recordedAt: number;
  readonly offset: bigint;
}

/** The cursor that leads on from here. The gateway seals it for its caller and search. */
export function writeMark({ recordedAt, offset }: PageMark): string {
  return `${recordedAt} ${offset}`;
}

/** Reads what `writeMark` wrote; anything else is refused with `events.cursor_invalid`. */
export function readMark(cursor: string): PageMark {
  const [, recordedAt, offset] = /^(\d{1,16}) (\d{1,20})$/.exec(cursor) ?? [];
  if (recordedAt === undefined || offset === undefined) throw cursorInvalid();
  return { recordedAt: Number(recordedAt), offset: BigInt(offset) };
}

function cursorInvalid(): DomainError {
  return new DomainError('events.cursor_invalid', 'invalid', 'This cursor continues no search. Search again without it.', {
    errors: [{ pointer: '/cursor', code: 'events.cursor_invalid', detail: 'Not a cursor of a search.' }],
  });
}

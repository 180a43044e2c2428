import { DomainError, type Clock } from '@millrace/kernel';
import type { Seal } from '../ports/seal';

/** Milliseconds a cursor leads on. */
const LIFE = 86_400_000;

/** What services say of where a page ended, on its way through callers: unreadable, for one list and one caller, for 24 h. */
export class SealedCursors {
  constructor(
    private readonly seals: Seal,
    private readonly clock: Clock,
  ) {}

  /** `binding`: who asks, and for what. */
  seal(cursor: string, binding: string): string {
    return this.seals.seal(`${this.clock.now() + LIFE} ${cursor}`, binding);
  }

  /** What was sealed beside the same binding. Refuses anything else, and what is too old, with `api.cursor_invalid`. */
  open(sealed: string, binding: string): string {
    const [, until, cursor] = /^(\d+) (.*)$/s.exec(this.seals.open(sealed, binding) ?? '') ?? [];
    if (cursor === undefined || Number(until) <= this.clock.now()) throw cursorInvalid();
    return cursor;
  }
}

function cursorInvalid(): DomainError {
  const detail = 'Not a cursor of this list.';
  return new DomainError(
    'api.cursor_invalid',
    'invalid',
    'This cursor does not continue this list: it is older than 24 h, was changed, or belongs to another filter or caller. Ask again without it.',
    { errors: [{ pointer: '/cursor', code: 'api.cursor_invalid', detail }] },
  );
}

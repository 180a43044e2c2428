import { DomainError } from '@millrace/kernel';

/** `where` cannot be read, or names a field that there is not; `why` says so. */
export function filterInvalid(why: DomainError): DomainError {
  const { facts, message } = why;
  return new DomainError('lists.filter_invalid', 'invalid', message, {
    facts,
    errors: [{ pointer: '/where', code: 'lists.filter_invalid', detail: message }],
  });
}

/** `sort` names no field that the list can be sorted by. */
export function sortInvalid(asked: string, fields: readonly string[]): DomainError {
  const detail = `This list cannot be sorted by "${asked}". It can be by ${fields.join(', ')}; with a - before it, the largest come first.`;
  return new DomainError('lists.sort_invalid', 'invalid', detail, {
    errors: [{ pointer: '/sort', code: 'lists.sort_invalid', detail }],
  });
}

/** What is said to be the end of a page is none of this list. */
export function cursorInvalid(): DomainError {
  const detail = 'This cursor does not continue this list. Ask again without it.';
  return new DomainError('lists.cursor_invalid', 'invalid', detail, {
    errors: [{ pointer: '/cursor', code: 'lists.cursor_invalid', detail }],
  });
}

import { DomainError, isEventPattern } from '@millrace/kernel';
import { parseFilter, parseSearch, type Filter, type Search } from '@millrace/language';

/** Reads a filter; `events.filter_invalid` says where it is wrong. */
export function readWhere(where: string): Filter {
  return attempt(() => parseFilter(where), '/where');
}

/** Reads the short form of a search; `events.filter_invalid` says where it is wrong. */
export function readSearch(q: string): Search {
  return attempt(() => parseSearch(q), '/q');
}

/** The field of this name; `events.filter_invalid` when events have none such. */
export function readField(name: string, pointer: string): string {
  const filter = attempt(() => parseFilter(`${name} exists`), pointer);
  if (filter.op === 'exists') return filter.field;
  throw filterInvalid(pointer, `"${name}" is no field of an event.`);
}

/** Refuses with `events.filter_invalid` what is no pattern of event types. */
export function checkTypes(types: readonly string[]): void {
  for (const [index, pattern] of types.entries()) {
    if (isEventPattern(pattern)) continue;
    throw filterInvalid(
      `/types/${index}`,
      `"${pattern}" is no pattern of event types: names joined by dots, where * is one token and a final > the rest.`,
    );
  }
}

function attempt<Read>(read: () => Read, pointer: string): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw filterInvalid(pointer, error.message);
  }
}

function filterInvalid(pointer: string, detail: string): DomainError {
  return new DomainError('events.filter_invalid', 'invalid', detail, { errors: [{ pointer, code: 'events.filter_invalid', detail }] });
}

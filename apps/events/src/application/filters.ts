import { DomainError, isEventPattern } from '@millrace/kernel';
import { parseFilter, type Filter } from '@millrace/language';

/** Reads a filter; `events.filter_invalid` says where it is wrong. */
export function readWhere(where: string): Filter {
  return attempt(where, '/where');
}

/** The field of this name; `events.filter_invalid` when events have none such. */
export function readField(name: string, pointer: string): string {
  const filter = attempt(`${name} exists`, pointer);
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

function attempt(filter: string, pointer: string): Filter {
  try {
    return parseFilter(filter);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw filterInvalid(pointer, error.message);
  }
}

function filterInvalid(pointer: string, detail: string): DomainError {
  return new DomainError('events.filter_invalid', 'invalid', detail, { errors: [{ pointer, code: 'events.filter_invalid', detail }] });
}

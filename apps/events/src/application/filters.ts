import { fieldsOf } from '@millrace/history';
import { DomainError, isEventPattern } from '@millrace/kernel';
import { parseFilter, parseSearch, type Filter, type Search } from '@millrace/language';

/** Conditions that a filter may be made of. */
const MOST_TERMS = 64;

/** Reads a filter; `events.filter_invalid` says where it is wrong, or that it asks for more than 64 things. */
export function readWhere(where: string): Filter {
  const filter = attempt(() => parseFilter(where), '/where');
  const terms = fieldsOf(filter).length;
  if (terms > MOST_TERMS) throw filterInvalid('/where', tooManyTerms(terms));
  return filter;
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

function tooManyTerms(terms: number): string {
  return `The filter has ${terms} conditions, ${MOST_TERMS} are allowed. Ask for several values of a field with \`in [..]\`, or ask in parts.`;
}

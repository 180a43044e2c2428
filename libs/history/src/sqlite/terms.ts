import { matchesPattern, type Filter, type FilterValue } from '@millrace/language';
import type { Phrase } from '../text/text-query';
import { Marker } from './mark';

// A pattern that stands for more types than this is no narrower than the workspace.
const TYPES_AT_MOST = 64;
const NEVER = 'never';

/** A condition on the words and marks of an event, in the language of FTS5; undefined: any event may fit. */
export type Term = string | undefined;

/** What an event must have to fit everything asked; undefined when the index narrows nothing. */
export interface Wanted {
  /** Undefined: of any. Marks are of one workspace, so words alone narrow those. */
  readonly workspaceId: string | undefined;
  /** The types that fit; undefined: all do. */
  readonly types: readonly string[] | undefined;
  readonly where: Filter | undefined;
  readonly phrases: readonly Phrase[];
  /** All types that the workspace has. */
  readonly known: readonly string[];
}

/** The condition that every event which fits has; some that have it may still not fit the filter. */
export function termOf({ workspaceId, types, where, phrases, known }: Wanted): Term {
  if (workspaceId === undefined) return allOf(phrases.map(phraseTerm));
  const marker = new Marker(workspaceId);
  const narrow = allOf([
    types === undefined ? undefined : typeTerm(marker, types),
    where === undefined ? undefined : filterTerm(where, marker, known),
  ]);
  if (phrases.length === 0) return narrow;
  return allOf([narrow ?? marked(marker.own), ...phrases.map(phraseTerm)]);
}

function filterTerm(filter: Filter, marker: Marker, known: readonly string[]): Term {
  switch (filter.op) {
    case 'and':
      return allOf(filter.filters.map((part) => filterTerm(part, marker, known)));
    case 'or':
      return anyOf(filter.filters.map((part) => filterTerm(part, marker, known)));
    case 'matches':
      return typeTerm(
        marker,
        known.filter((type) => matchesPattern(filter.pattern, type)),
      );
    case '=':
      return equalTerm(marker, filter.field, [filter.value]);
    case 'in':
      return equalTerm(marker, filter.field, filter.values);
    default:
      return undefined;
  }
}

function equalTerm(marker: Marker, field: string, values: readonly FilterValue[]): Term {
  if (field === 'time') return undefined;
  const terms = values.map((value) => (value === null ? undefined : marked(marker.of(field, value))));
  return anyOf(field.startsWith('payload.') ? [...terms, marked(marker.crowded())] : terms);
}

function typeTerm(marker: Marker, types: readonly string[]): Term {
  if (types.length > TYPES_AT_MOST) return undefined;
  return types.length === 0 ? marked(NEVER) : anyOf(types.map((type) => marked(marker.of('type', type))));
}

function phraseTerm({ words, prefix }: Phrase): Term {
  return `text:"${words.join(' ')}"${prefix ? ' *' : ''}`;
}

function marked(mark: string): string {
  return `marks:${mark}`;
}

function allOf(terms: readonly Term[]): Term {
  const present = terms.filter((term) => term !== undefined);
  return present.length === 0 ? undefined : joined(present, 'AND');
}

function anyOf(terms: readonly Term[]): Term {
  const present = terms.filter((term) => term !== undefined);
  return present.length < terms.length ? undefined : joined(present, 'OR');
}

function joined(terms: readonly string[], word: string): string {
  return terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(` ${word} `)})`;
}

import type { FieldProblem } from '@millrace/kernel';
import { unknownField } from '../json/json-text';
import { malformed, misfit, MOST_ERRORS } from '../problems/refusals';

/** The parameters of a query, each with all its values, in the order they came. */
export type Query = ReadonlyMap<string, readonly string[]>;

const NONE: Query = new Map();

/** Reads the query of a URL (without the question mark). Refuses percent signs that encode nothing. */
export function readQuery(text: string): Query {
  if (text === '') return NONE;
  const query = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decoded(pair.slice(equals + 1));
    const values = query.get(name);
    if (values === undefined) query.set(name, [value]);
    else values.push(value);
  }
  return query;
}

/** Refuses (`api.field_unknown`) a query that says something besides what is known, and names all of it. */
export function demandKnown(query: Query, known: ReadonlySet<string>): void {
  const unknown = [...query.keys()].filter((name) => !known.has(name)).slice(0, MOST_ERRORS);
  const [first, ...others] = unknown.map((name) => unknownParameter(name, known));
  if (first !== undefined) throw misfit([first, ...others]);
}

/** What is wrong with a parameter that is none of the known ones. */
export function unknownParameter(name: string, known: Iterable<string>): FieldProblem {
  return { pointer: `/${name}`, code: 'api.field_unknown', detail: unknownField(name, known) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed('query_invalid', `The query holds a % that encodes nothing (in "${text.slice(0, 64)}"). Write % as %25.`);
  }
}

import type { Filter, FilterValue } from '@millrace/language';
import { VARIABLE, type Variables, type VariableValue } from './variables';

/** A filter whose variables have their values; `true` and `false` when nothing of the object matters any more. */
export type Bound = Filter | boolean;

/** Why a filter has no answer for this caller: a variable without a value, or one that does not go with its field or operator. */
export class Unbound extends Error {
  override readonly name = 'Unbound';
}

type Compared = Extract<Filter, { readonly value: FilterValue }>;

const TEXTUAL: ReadonlySet<string> = new Set(['starts with', 'ends with', 'contains']);

/** Puts values in place of variables. `isTime`: whether a field holds a time. Throws `Unbound`. */
export function bindFilter(filter: Filter, variables: Variables, isTime: (field: string) => boolean): Bound {
  switch (filter.op) {
    case 'and':
      return everyOf(filter.filters.map((part) => bindFilter(part, variables, isTime)));
    case 'or':
      return someOf(filter.filters.map((part) => bindFilter(part, variables, isTime)));
    case 'not':
      return notOf(bindFilter(filter.filter, variables, isTime));
    case 'exists':
    case 'matches':
      return filter;
    case 'in':
      return oneOf(
        filter.field,
        filter.values.flatMap((value) => listOf(literal(value, variables, isTime(filter.field)))),
      );
    default:
      return comparison(filter, literal(filter.value, variables, isTime(filter.field)));
  }
}

/** True where all are; `true` for none. */
export function everyOf(parts: readonly Bound[]): Bound {
  if (parts.includes(false)) return false;
  const filters = parts.filter((part): part is Filter => typeof part !== 'boolean');
  const [first] = filters;
  if (first === undefined) return true;
  return filters.length === 1 ? first : { op: 'and', filters };
}

/** True where one is; `false` for none. */
export function someOf(parts: readonly Bound[]): Bound {
  if (parts.includes(true)) return true;
  const filters = parts.filter((part): part is Filter => typeof part !== 'boolean');
  const [first] = filters;
  if (first === undefined) return false;
  return filters.length === 1 ? first : { op: 'or', filters };
}

export function notOf(part: Bound): Bound {
  return typeof part === 'boolean' ? !part : { op: 'not', filter: part };
}

function comparison(filter: Compared, value: FilterValue | readonly FilterValue[]): Bound {
  const { op, field } = filter;
  if (op === '=') return isList(value) ? oneOf(field, value) : { op, field, value };
  if (op === '!=') return isList(value) ? notOf(oneOf(field, value)) : { op, field, value };
  if (isList(value)) throw new Unbound(`\`${field} ${op}\` cannot be compared with a list`);
  const fits = typeof value === 'string' || (typeof value === 'number' && !TEXTUAL.has(op));
  if (!fits) throw new Unbound(`\`${field} ${op}\` cannot be compared with ${JSON.stringify(value)}`);
  return { op, field, value };
}

/** Stores need not know a choice of nothing. */
function oneOf(field: string, values: readonly FilterValue[]): Bound {
  return values.length === 0 ? false : { op: 'in', field, values };
}

function literal(written: FilterValue, variables: Variables, isTime: boolean): FilterValue | readonly FilterValue[] {
  if (typeof written !== 'string' || !written.includes('${')) return written;
  const whole = /^\$\{([^{}]+)\}$/.exec(written)?.[1];
  const value = whole === undefined ? spliced(written, variables) : valueOf(whole, variables);
  return isTime ? asTime(value, written) : value;
}

function spliced(written: string, variables: Variables): string {
  return written.replace(VARIABLE, (_, name: string) => {
    const value = valueOf(name, variables);
    if (isList(value)) throw new Unbound(`\${${name}} is a list and cannot stand inside a text`);
    return String(value);
  });
}

function valueOf(name: string, variables: Variables): VariableValue {
  const value = variables(name);
  if (value === undefined) throw new Unbound(`\${${name}} has no value for this caller`);
  return value;
}

function asTime(value: VariableValue, written: string): number {
  const time = typeof value === 'string' ? Date.parse(value) : value;
  if (typeof time !== 'number' || Number.isNaN(time)) throw new Unbound(`${written} is no time`);
  return time;
}

function listOf(value: FilterValue | readonly FilterValue[]): readonly FilterValue[] {
  return isList(value) ? value : [value];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

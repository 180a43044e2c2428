import { matchesPattern } from './pattern';
import type { Comparison, Filter, FilterValue } from './filter';

/**
 * Whether an event's envelope (its JSON form: `type`, `time`, `subject`, `actor`, `source`, `target`, `correlationId`, `payload`) fits.
 * Equality wants the same type; order compares two numbers or two texts (by UTF-16 unit), and times as times; a field that holds a list
 * fits when one of its items does; `null` equals an absent field; `!=` is exactly not `=`. Own keys only. Never throws.
 */
export function matchesFilter(filter: Filter, event: object): boolean {
  return compileFilter(filter)(event);
}

/** The filter as a predicate; the better choice for more than one event. */
export function compileFilter(filter: Filter): (event: object) => boolean {
  switch (filter.op) {
    case 'and': {
      const parts = filter.filters.map(compileFilter);
      return (event) => parts.every((part) => part(event));
    }
    case 'or': {
      const parts = filter.filters.map(compileFilter);
      return (event) => parts.some((part) => part(event));
    }
    case 'not': {
      const part = compileFilter(filter.filter);
      return (event) => !part(event);
    }
    case 'matches':
      return onField(filter.field, (value) => typeof value === 'string' && matchesPattern(filter.pattern, value));
    case 'exists':
      return onField(filter.field, (value) => value !== null && value !== undefined);
    case 'in':
      return onField(filter.field, anyEqual(filter.field, filter.values));
    default:
      return comparison(filter.op, filter.field, filter.value);
  }
}

function comparison(op: Comparison, field: string, literal: FilterValue): (event: object) => boolean {
  const equal = anyEqual(field, [literal]);
  if (op === '=') return onField(field, equal);
  if (op === '!=') {
    const same = onField(field, equal);
    return (event) => !same(event);
  }
  return onField(field, (value) => compare(op, field === 'time' ? asTime(value) : value, literal));
}

function anyEqual(field: string, literals: readonly FilterValue[]): (value: unknown) => boolean {
  return (value) => {
    const found = field === 'time' ? asTime(value) : (value ?? null);
    return literals.some((literal) => literal === found);
  };
}

function compare(op: Comparison, value: unknown, literal: unknown): boolean {
  if (typeof value === 'string' && typeof literal === 'string') return compareTexts(op, value, literal);
  return typeof value === 'number' && typeof literal === 'number' && inOrder(op, value, literal);
}

function compareTexts(op: Comparison, value: string, literal: string): boolean {
  switch (op) {
    case 'starts with':
      return value.startsWith(literal);
    case 'ends with':
      return value.endsWith(literal);
    case 'contains':
      return value.includes(literal);
    default:
      return inOrder(op, value, literal);
  }
}

function inOrder<T extends string | number>(op: Comparison, a: T, b: T): boolean {
  return (op.startsWith('<') && a < b) || (op.startsWith('>') && a > b) || (op.endsWith('=') && a === b);
}

/** Milliseconds of a time given as such or as ISO text; NaN, which equals nothing, for any other text. */
function asTime(value: unknown): unknown {
  return typeof value === 'string' ? Date.parse(value) : value;
}

/** Runs a test on what the field holds; lists on the way and at the end fit by any of their items. */
function onField(field: string, test: (value: unknown) => boolean): (event: object) => boolean {
  const path = field.split('.');
  return (event) => reaches(event, path, 0, test);
}

function reaches(value: unknown, path: readonly string[], from: number, test: (value: unknown) => boolean): boolean {
  if (Array.isArray(value)) return value.some((item) => reaches(item, path, from, test));
  const key = path[from];
  if (key === undefined) return test(value);
  if (typeof value !== 'object' || value === null) return test(undefined);
  return reaches(Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined, path, from + 1, test);
}

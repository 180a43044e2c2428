import type { Filter } from '@millrace/language';
import type { AggregateBucket } from './history';

type Value = AggregateBucket['value'];

/**
 * The values for which `field = value` holds on an event as filters see it, each once: what the path leads to, every item of a list on
 * the way or at the end, `null` for what is absent. A map is none.
 */
export function valuesOf(view: object, field: string): readonly Value[] {
  return [...new Set(leavesAt(view, field.split('.')))];
}

function leavesAt(value: unknown, path: readonly string[]): readonly Value[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesAt(item, path));
  const [key, ...rest] = path;
  if (key === undefined) return isValue(value) ? [value] : [];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [null];
  return leavesAt((value as Record<string, unknown>)[key], rest);
}

function isValue(value: unknown): value is Value {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** The fields that a filter looks at. */
export function fieldsOf(filter: Filter): readonly string[] {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(filter.filter);
    default:
      return [filter.field];
  }
}

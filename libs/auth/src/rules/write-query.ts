import type { Filter, FilterValue } from '@millrace/language';
import type { Bound } from './bind';

/** A bound filter in the grammar it was written in; `everything` and `nothing` for those. */
export function writeQuery(query: Bound): string {
  if (typeof query === 'boolean') return query ? 'everything' : 'nothing';
  return written(query);
}

function written(filter: Filter): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.filters.map(inside).join(` ${filter.op} `);
    case 'not':
      return `not ${inside(filter.filter)}`;
    case 'exists':
      return `${filter.field} exists`;
    case 'matches':
      return `${filter.field} = ${literal(filter.pattern)}`;
    case 'in':
      return `${filter.field} in [${filter.values.map(literal).join(', ')}]`;
    default:
      return `${filter.field} ${filter.op} ${literal(filter.value)}`;
  }
}

function inside(filter: Filter): string {
  return filter.op === 'and' || filter.op === 'or' ? `(${written(filter)})` : written(filter);
}

function literal(value: FilterValue): string {
  return typeof value === 'string' ? `'${value.replace(/['\\]/g, '\\$&')}'` : String(value);
}

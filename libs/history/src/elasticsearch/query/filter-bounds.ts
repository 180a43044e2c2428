import type { Filter, FilterValue } from '@millrace/language';
import { all, any, not, UNDECIDED, type Bounds } from './bounds';
import { fieldOf } from './field';
import { typePattern } from './type-pattern';

// The store refuses queries nested much deeper.
const DEEPEST = 8;

/** What the store can say of a filter. */
export function boundsOf(filter: Filter, depth = 0): Bounds {
  if (depth > DEEPEST) return UNDECIDED;
  switch (filter.op) {
    case 'and':
      return all(filter.filters.map((part) => boundsOf(part, depth + 1)));
    case 'or':
      return any(filter.filters.map((part) => boundsOf(part, depth + 1)));
    case 'not':
      return not(boundsOf(filter.filter, depth + 1));
    case 'matches':
      return typePattern(filter.pattern);
    case 'exists':
      return fieldOf(filter.field).exists();
    case 'in':
      return equal(filter.field, filter.values);
    case '=':
      return equal(filter.field, [filter.value]);
    case '!=':
      return not(equal(filter.field, [filter.value]));
    default:
      return fieldOf(filter.field).compares(filter.op, filter.value);
  }
}

function equal(name: string, values: readonly FilterValue[]): Bounds {
  const field = fieldOf(name);
  const held = values.filter((value) => value !== null);
  return any([...(held.length === 0 ? [] : [field.equals(held)]), ...(held.length === values.length ? [] : [field.isNull()])]);
}

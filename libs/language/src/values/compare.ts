import type { JsonMap } from '@millrace/kernel';
import { isList, isMap, numberOf } from './value';
import type { Value } from './value';

/** Same type and content (`===`): lists and maps by content, order of keys aside; null is not missing. */
export function same(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => same(item, b[index]));
  return isMap(b) && sameMaps(a, b);
}

function sameMaps(a: JsonMap, b: JsonMap): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/** `==`: null equals null and missing; boolean, number and text compare as in JavaScript; lists and maps by content; else false. */
export function equal(a: Value, b: Value): boolean {
  if (a === null || a === undefined) return b === null || b === undefined;
  if (b === null || b === undefined) return false;
  if (typeof a === 'object' || typeof b === 'object') return same(a, b);
  return typeof a === typeof b ? a === b : Number(a) === Number(b);
}

/**
 * Negative, 0 or positive; undefined when the two have no order. Two texts by UTF-16 unit; otherwise booleans, numbers and numeric texts
 * as numbers.
 */
export function order(a: Value, b: Value): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  const left = typeof a === 'boolean' ? Number(a) : numberOf(a);
  const right = typeof b === 'boolean' ? Number(b) : numberOf(b);
  return left === undefined || right === undefined ? undefined : left - right;
}

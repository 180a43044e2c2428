import type { Json } from '@millrace/kernel';

/** A value at the end of a path; lists on the way leave no trace in the path. */
export type Leaf = string | number | boolean;

/** Calls back for each text, number and boolean in a JSON value, with the dot path of its keys. */
export function eachLeaf(value: Json, path: string, call: (path: string, leaf: Leaf) => void): void {
  if (value === null) return;
  if (typeof value !== 'object') {
    call(path, value);
  } else if (isList(value)) {
    for (const item of value) eachLeaf(item, path, call);
  } else {
    for (const key of Object.keys(value)) eachLeaf(value[key] ?? null, `${path}.${key}`, call);
  }
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

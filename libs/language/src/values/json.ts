import type { Json, JsonMap } from '@millrace/kernel';

/** How deep data may be nested. */
export const DEEPEST = 64;

/** Why data was not let in. */
export class DataRefused extends Error {}

/**
 * Data from outside as a value: the same if nothing is wrong, else without keys named `__proto__` and without what JSON does not know.
 * Throws DataRefused when it is nested more than 64 deep.
 */
export function cleaned(value: unknown, depth = 0): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object') return null;
  if (depth >= DEEPEST) throw new DataRefused(`The data is nested more than ${DEEPEST} deep.`);
  return Array.isArray(value) ? cleanedList(value, depth) : cleanedMap(value, depth);
}

function cleanedList(list: readonly unknown[], depth: number): Json {
  const items = list.map((item) => cleaned(item, depth + 1));
  return items.every((item, index) => item === list[index]) ? (list as readonly Json[]) : items;
}

function cleanedMap(map: object, depth: number): Json {
  let same = true;
  const kept: [string, Json][] = [];
  for (const [key, value] of Object.entries(map) as [string, unknown][]) {
    if (key === '__proto__' || value === undefined) {
      same = false;
      continue;
    }
    const item = cleaned(value, depth + 1);
    same &&= item === value;
    kept.push([key, item]);
  }
  return same ? (map as JsonMap) : Object.fromEntries(kept);
}

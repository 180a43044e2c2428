import type { Json, JsonMap } from '@millrace/kernel';

/** What stands where something must not be kept. */
const REDACTED = 'REDACTED';

/** A value without what is at these paths: keys, `*` for every item of a list. */
export function withoutPaths(value: JsonMap, paths: readonly (readonly string[])[]): JsonMap {
  return paths.reduce<JsonMap>((left, path) => without(left, path) as JsonMap, value);
}

function without(value: Json, [key, ...rest]: readonly string[]): Json {
  if (key === undefined) return REDACTED;
  if (isList(value)) return key === '*' ? value.map((item) => without(item, rest)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const map = value;
  const inner = Object.hasOwn(map, key) ? map[key] : undefined;
  return inner === undefined ? map : { ...map, [key]: without(inner, rest) };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

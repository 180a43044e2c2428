import type { Json, JsonMap } from '@millrace/kernel';
import type { Plan } from '@millrace/language';

/** What stands where something must not be kept. */
const REDACTED = 'REDACTED';

/** A value without what is at these paths: keys, `*` for every item of a list. */
export function withoutPaths(value: JsonMap, paths: readonly (readonly string[])[]): JsonMap {
  return paths.reduce<JsonMap>((left, path) => without(left, path) as JsonMap, value);
}

/** What a caller passes to an automation, without what its arguments mark as secret or not to be kept. */
export function withoutMarked(locals: JsonMap, { automations }: Plan, slug: string): JsonMap {
  const accepts = automations.get(slug)?.accepts;
  return accepts === undefined ? locals : withoutPaths(locals, [...accepts.secret, ...accepts.redact]);
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

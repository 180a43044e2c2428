import type { Json, JsonMap } from '@millrace/kernel';
import { isList, isMap, ownOf } from '../values/value';

/** A value with the defaults of a schema filled in, at any depth of `properties` and `items`. The value itself if none was missing. */
export function withDefaults(schema: Json | undefined, value: Json): Json {
  if (!isMap(schema)) return value;
  if (isMap(value)) return mapWithDefaults(schema, value);
  const items = ownOf(schema, 'items');
  if (!isList(value) || items === undefined) return value;
  const filled = value.map((item) => withDefaults(items, item));
  return filled.every((item, index) => item === value[index]) ? value : filled;
}

function mapWithDefaults(schema: JsonMap, value: JsonMap): JsonMap {
  const properties = ownOf(schema, 'properties');
  if (!isMap(properties)) return value;
  const filled: Record<string, Json> = { ...value };
  let same = true;
  for (const [name, inner] of Object.entries(properties)) {
    const own = ownOf(value, name);
    const found = own === undefined && isMap(inner) ? ownOf(inner, 'default') : own;
    if (found === undefined || name === '__proto__') continue;
    const item = withDefaults(inner, found);
    same &&= item === own;
    filled[name] = item;
  }
  return same ? value : filled;
}

/** The paths of what a schema marks, such as `secret: true`: keys from the root; `*` stands for every item of a list. */
export function markedPaths(schema: Json | undefined, mark: string, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isMap(schema) || path.length > 32) return [];
  if (ownOf(schema, mark) === true) return [path];
  const properties = ownOf(schema, 'properties');
  const inside = isMap(properties) ? Object.entries(properties).flatMap(([name, inner]) => markedPaths(inner, mark, [...path, name])) : [];
  return [...inside, ...markedPaths(ownOf(schema, 'items'), mark, [...path, '*'])];
}

/** The values at a path with `*` for every item. */
export function valuesAt(value: Json | undefined, [key, ...rest]: readonly string[]): readonly Json[] {
  if (value === undefined) return [];
  if (key === undefined) return [value];
  if (key === '*') return isList(value) ? value.flatMap((item) => valuesAt(item, rest)) : [];
  return isMap(value) ? valuesAt(ownOf(value, key), rest) : [];
}

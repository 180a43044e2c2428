import type { Json, JsonMap } from '@millrace/kernel';
import { isList, isMap, ownOf } from './value';

/** A map without what stands at a path, `*` standing for every item or entry; the very same map when nothing does. */
export function without(map: JsonMap, path: string): JsonMap {
  return removed(map, path.split('.')) as JsonMap;
}

function removed(value: Json, [key = '', ...rest]: readonly string[]): Json {
  if (!isList(value) && !isMap(value)) return value;
  const keys = key === '*' ? Object.keys(value) : Object.hasOwn(value, key) ? [key] : [];
  const meant = new Set(rest.length === 0 ? keys : keys.filter((name) => inside(value, name, rest) !== inside(value, name, [])));
  if (meant.size === 0) return value;
  const left = Object.entries(value).flatMap(([name, item]: [string, Json]): [string, Json][] => {
    if (!meant.has(name)) return [[name, item]];
    return rest.length === 0 ? [] : [[name, removed(item, rest)]];
  });
  return isList(value) ? left.map(([, item]) => item) : Object.fromEntries(left);
}

/** What is at a key, without what stands at the rest of the path. */
function inside(value: JsonMap | readonly Json[], name: string, rest: readonly string[]): Json | undefined {
  const item = isMap(value) ? ownOf(value, name) : value[Number(name)];
  return item === undefined || rest.length === 0 ? item : removed(item, rest);
}

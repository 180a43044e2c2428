import type { Json, JsonMap } from '@millrace/kernel';

/** A map with a merge patch (RFC 7396) laid over it: null removes, maps are merged, anything else replaces. */
export function merged(map: JsonMap, patch: JsonMap): JsonMap {
  const kept = Object.entries(map).filter(([key]) => !Object.hasOwn(patch, key));
  const laid = Object.entries(patch).flatMap(([key, value]) => (value === null ? [] : [[key, laidOver(map, key, value)] as const]));
  return Object.fromEntries([...kept, ...laid]);
}

function laidOver(map: JsonMap, key: string, value: Json): Json {
  return isMap(value) ? merged(mapAt(map, key), value) : value;
}

function mapAt(map: JsonMap, key: string): JsonMap {
  const found = Object.hasOwn(map, key) ? map[key] : undefined;
  return isMap(found) ? found : {};
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

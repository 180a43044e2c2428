import type { Json, JsonMap } from '@millrace/kernel';

/** A map with a merge patch (RFC 7396) laid over it: null removes, maps are merged, anything else replaces. */
export function merged(map: JsonMap, patch: JsonMap): JsonMap {
  const result: Record<string, Json> = { ...map };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isMap(value) ? merged(mapAt(result, key), value) : value;
  }
  return result;
}

function mapAt(map: JsonMap, key: string): JsonMap {
  const found = Object.hasOwn(map, key) ? map[key] : undefined;
  return isMap(found) ? found : {};
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

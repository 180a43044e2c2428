import type { Json, JsonMap } from '@millrace/kernel';
import { isMap } from '../admission/payload';

/** How much of a payload a subscriber wants: all, nothing, or these dot paths. */
export type Projection = 'full' | 'none' | readonly string[];

/** The parts of a payload that these dot paths lead to, in their places. A path that leads nowhere adds nothing. */
export function pick(payload: JsonMap, paths: readonly string[]): JsonMap {
  return paths.reduce<JsonMap>((picked, path) => graft(picked, payload, path.split('.')), {});
}

/** A text that is the same for equal projections. */
export function projectionKey(projection: Projection): string {
  return typeof projection === 'string' ? projection : JSON.stringify(projection.toSorted());
}

function graft(picked: JsonMap, from: Json, path: readonly string[]): JsonMap {
  const [key, ...rest] = path;
  if (key === undefined || !isMap(from) || !Object.hasOwn(from, key)) return picked;
  const value = from[key] ?? null;
  if (rest.length === 0) return { ...picked, [key]: value };
  const there = Object.hasOwn(picked, key) ? (picked[key] ?? null) : {};
  const grown = graft(isMap(there) ? there : {}, value, rest);
  return Object.keys(grown).length === 0 ? picked : { ...picked, [key]: grown };
}

import type { Json, JsonMap } from '@millrace/kernel';
import { escapeKey } from './payload';

const NAMED = 5;

interface Weighed {
  readonly path: string;
  readonly bytes: number;
}

/**
 * The five places of a payload that weigh most, heaviest first, as `<JSON Pointer>: <bytes>`. A place that is heavy only for one of its
 * members is not named, that member is.
 */
export function heaviestPaths(payload: JsonMap, base: string): readonly string[] {
  return membersOf(payload, base)
    .map(([member, value]) => culprit(member, value))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, NAMED)
    .map(({ path, bytes }) => `${path}: ${bytes}`);
}

function culprit(place: Weighed, value: Json): Weighed {
  if (typeof value !== 'object' || value === null) return place;
  const heavy = membersOf(value, place.path).find(([member]) => member.bytes * 2 > place.bytes);
  return heavy === undefined ? place : culprit(...heavy);
}

function membersOf(value: JsonMap | readonly Json[], base: string): readonly (readonly [Weighed, Json])[] {
  return Object.entries(value).map(([key, item]: [string, Json]) => [{ path: `${base}/${escapeKey(key)}`, bytes: weigh(item) }, item]);
}

function weigh(value: Json): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

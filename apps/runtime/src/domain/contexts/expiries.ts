import type { Json, JsonMap } from '@millrace/kernel';
import { applyWrite, type WriteRequest } from '@millrace/language';

/** What is at a path goes at a time (milliseconds since 1970). Items of lists are named by their present index. */
export interface Expiry {
  readonly path: readonly string[];
  readonly at: number;
}

/** A value, and which of its keys go when. */
export interface Fleeting {
  readonly value: JsonMap;
  readonly expiries: readonly Expiry[];
}

type Path = readonly string[];

/**
 * The value after a write, and what is at its path. What was replaced or removed takes its expiries along; what was added to keeps them.
 * Throws what the language refuses.
 */
export function written(before: Fleeting, request: WriteRequest, now: number): { readonly after: Fleeting; readonly result: Json } {
  const { value, result } = applyWrite(before.value, request);
  const unconcerned = before.expiries.length === 0 && request.ttl === undefined;
  return { after: { value, expiries: unconcerned ? [] : expiriesAfter(before, request, value, now) }, result };
}

/** The value without the keys whose time has come. */
export function withoutExpired(fleeting: Fleeting, now: number): Fleeting {
  let left = fleeting;
  for (;;) {
    const due = left.expiries.find(({ at }) => at <= now);
    if (due === undefined) return left;
    left = without(left, due, now);
  }
}

function without({ value, expiries }: Fleeting, due: Expiry, now: number): Fleeting {
  const removal: WriteRequest = { context: 'global', instance: '', owner: '', path: due.path, op: 'delete' };
  return written({ value, expiries: expiries.filter((expiry) => expiry !== due) }, removal, now).after;
}

function expiriesAfter(before: Fleeting, request: WriteRequest, after: JsonMap, now: number): readonly Expiry[] {
  const place = placeOf(before.value, request.path);
  const left = after === before.value ? before.expiries : survivors(before, request, place);
  if (request.ttl === undefined || request.op === 'delete') return left;
  return [...left.filter(({ path }) => !(isWithin(path, place) && path.length === place.length)), { path: place, at: now + request.ttl }];
}

function survivors({ value, expiries }: Fleeting, { op, value: given }: WriteRequest, place: Path): readonly Expiry[] {
  switch (op) {
    case 'replace':
      return expiries.filter(({ path }) => !isWithin(path, place));
    case 'delete':
      return afterRemoval(expiries, place, Array.isArray(at(value, place.slice(0, -1))));
    case 'merge': {
      if (!isMap(at(value, place)) || !isMap(given)) return expiries;
      return expiries.filter(
        ({ path }) => !(path.length > place.length && isWithin(path, place) && Object.hasOwn(given, keyIn(path, place))),
      );
    }
    default:
      return expiries;
  }
}

/** The items behind one that was removed from a list move up. */
function afterRemoval(expiries: readonly Expiry[], place: Path, fromList: boolean): readonly Expiry[] {
  const left = expiries.filter(({ path }) => !isWithin(path, place));
  if (!fromList) return left;
  const list = place.slice(0, -1);
  const removed = Number(place.at(-1));
  return left.map((expiry) => {
    const { path } = expiry;
    if (path.length === list.length || !isWithin(path, list)) return expiry;
    const index = Number(keyIn(path, list));
    return index < removed ? expiry : { ...expiry, path: [...list, String(index - 1), ...path.slice(list.length + 1)] };
  });
}

/** A path with the indexes that count from the end counted from the start. */
function placeOf(root: JsonMap, path: WriteRequest['path']): Path {
  const place: string[] = [];
  for (const key of path.map(String)) {
    const container = at(root, place);
    const fromEnd = Array.isArray(container) && key.startsWith('-');
    place.push(fromEnd ? String(container.length + Number(key)) : key);
  }
  return place;
}

function at(root: Json, path: Path): Json | undefined {
  let value: Json | undefined = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key) ? (value as JsonMap)[key] : undefined;
  }
  return value;
}

function isWithin(path: Path, place: Path): boolean {
  return place.every((key, index) => path[index] === key);
}

/** The key by which a path goes on below a place. */
function keyIn(path: Path, place: Path): string {
  return path[place.length] ?? '';
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

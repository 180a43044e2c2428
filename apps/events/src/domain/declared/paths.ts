import type { Json, JsonMap } from '@millrace/kernel';
import { isMap } from '../admission/payload';

/** The value at a path of names joined by dots; undefined when there is none. */
export function valueAt(payload: JsonMap, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((found, name) => (found === undefined ? undefined : memberOf(found, name)), payload);
}

/** The payload without what stands at these paths, `*` standing for every item or entry, and which of them led somewhere. */
export function without(payload: JsonMap, paths: readonly string[]): { readonly payload: JsonMap; readonly removed: readonly string[] } {
  return paths.reduce<{ payload: JsonMap; removed: readonly string[] }>(
    (before, path) => {
      const after = cut(before.payload, path.split('.'));
      return after === before.payload ? before : { payload: after as JsonMap, removed: [...before.removed, path] };
    },
    { payload, removed: [] },
  );
}

/** The value without what stands at the path; the very same value when nothing does. */
function cut(value: Json, [name, ...rest]: readonly string[]): Json {
  if (name === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return cutItems(value as readonly Json[], name, rest);
  if (name === '*') return Object.keys(value).reduce<Json>((found, key) => cut(found, [key, ...rest]), value);
  const member = memberOf(value, name);
  if (member === undefined) return value;
  const { [name]: _, ...others } = value as JsonMap;
  if (rest.length === 0) return others;
  const left = cut(member, rest);
  return left === member ? value : { ...others, [name]: left };
}

function cutItems(items: readonly Json[], name: string, rest: readonly string[]): Json {
  const isMeant = (index: number): boolean => name === '*' || String(index) === name;
  if (rest.length === 0) {
    const left = items.filter((_, index) => !isMeant(index));
    return left.length === items.length ? items : left;
  }
  const left = items.map((item, index) => (isMeant(index) ? cut(item, rest) : item));
  return left.every((item, index) => item === items[index]) ? items : left;
}

function memberOf(value: Json, name: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(name)];
  return isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

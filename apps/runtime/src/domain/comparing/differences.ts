import type { Json } from '@millrace/kernel';

/** Places named at most. */
const MOST = 20;

/** Where two values differ, as JSON pointers below `pointer`, the first of them; undefined is a value that is not there. */
export function differences(one: Json | undefined, other: Json | undefined, pointer = ''): readonly string[] {
  return [...differing(one, other, pointer)].slice(0, MOST);
}

function* differing(one: Json | undefined, other: Json | undefined, pointer: string): Generator<string> {
  if (one === other) return;
  const parts = partsOf(one);
  const others = partsOf(other);
  if (parts === undefined || others === undefined || Array.isArray(one) !== Array.isArray(other)) {
    yield pointer;
    return;
  }
  for (const key of new Set([...parts.keys(), ...others.keys()])) {
    yield* differing(parts.get(key), others.get(key), `${pointer}/${escaped(key)}`);
  }
}

/** The items of a list and the entries of a map, by name; undefined for anything else. */
function partsOf(value: Json | undefined): ReadonlyMap<string, Json> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

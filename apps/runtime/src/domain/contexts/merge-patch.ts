import type { Json, JsonMap } from '@millrace/kernel';
import type { LoadRequest, WriteRequest } from '@millrace/language';

/** The writes that make of a context what a merge patch (RFC 7396) says. */
export function patchWrites(name: LoadRequest, value: JsonMap, patch: JsonMap): readonly WriteRequest[] {
  const { context, instance, owner } = name;
  return changes(value, patch, []).map((change) => ({ context, instance, owner, ...change }));
}

type PatchChange = Pick<WriteRequest, 'path' | 'op' | 'value'>;

function changes(value: JsonMap, patch: JsonMap, parents: readonly string[]): readonly PatchChange[] {
  return Object.entries(patch).flatMap(([key, given]): readonly PatchChange[] => {
    const path = [...parents, key];
    if (given === null) return [{ path, op: 'delete' }];
    const current = Object.hasOwn(value, key) ? value[key] : undefined;
    if (isMap(given) && isMap(current)) return changes(current, given, path);
    return [{ path, op: 'replace', value: withoutNulls(given) }];
  });
}

/** A patch of nothing: its nulls have nothing to remove. */
function withoutNulls(given: Json): Json {
  if (!isMap(given)) return given;
  const entries = Object.entries(given).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutNulls(value)]));
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

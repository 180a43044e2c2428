import type { Json, JsonMap } from '@millrace/kernel';
import { valuesAt } from '../../schema/defaults';
import { isList, isMap, textOf } from '../../values/value';
import type { RunState } from '../state';

const SHORTEST = 4;

/** What the secrets of a workspace and its app instances are: by instance path, then by name. Never part of a state. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What stands where a secret was. */
export const REDACTED = 'REDACTED';

/** A value without any of the secrets (those of 4 characters or more), wherever they stand in its texts and keys. */
export function scrub(value: Json, secrets: readonly string[]): Json {
  const words = [...new Set(secrets)].filter((word) => word.length >= SHORTEST).sort((a, b) => b.length - a.length);
  return words.length === 0 ? value : scrubbed(value, words);
}

function scrubbed(value: Json, words: readonly string[]): Json {
  if (typeof value === 'string') return words.reduce((text, word) => text.replaceAll(word, () => REDACTED), value);
  if (isList(value))
    return kept(
      value,
      value.map((item) => scrubbed(item, words)),
    );
  return isMap(value) ? scrubbedMap(value, words) : value;
}

function kept(list: readonly Json[], items: readonly Json[]): Json {
  return items.every((item, index) => item === list[index]) ? list : items;
}

function scrubbedMap(map: JsonMap, words: readonly string[]): JsonMap {
  const entries = Object.entries(map).map(([key, value]) => [key, value, scrubbed(key, words) as string, scrubbed(value, words)] as const);
  if (entries.every(([key, value, name, item]) => key === name && value === item)) return map;
  return Object.fromEntries(entries.map(([, , name, item]) => [name, item]));
}

/**
 * Remembers what is secret at paths into arguments or a configuration, for as long as the run lasts: variables may hold it when nothing
 * else shows where it came from.
 */
export function rememberSecrets(state: RunState, value: Json, paths: readonly (readonly string[])[]): void {
  remember(state, paths.flatMap((path) => valuesAt(value, path)).map(textOf));
}

/** Remembers words that must not leave the run. */
export function remember(state: RunState, words: readonly string[]): void {
  if (words.length > 0) state.sensitive = [...new Set([...state.sensitive, ...words])];
}

/** What must not be seen of a run by others: secrets, arguments marked as such, tokens it was given. */
export function sensitiveWords(state: Pick<RunState, 'sensitive'>, secrets: Secrets): readonly string[] {
  return [...state.sensitive, ...Object.values(secrets).flatMap((names) => Object.values(names))];
}

/** A value without what must not be seen by others of the run whose state this is; as it is for a run that never began. */
export function withoutSecrets(value: Json, state: Json, secrets: Secrets = {}): Json {
  return scrub(value, sensitiveWords(isMap(state) ? (state as unknown as RunState) : { sensitive: [] }, secrets));
}

import type { Json, JsonMap } from '@millrace/kernel';
import { isList, isMap, ownOf } from '../../values/value';
import type { Value } from '../../values/value';

const WRITTEN = /\{\{\s*secret\.([A-Z][A-Z0-9_]{0,63})\s*\}\}/g;

/** A configuration with the secrets in it, and what they are. */
export interface ConfigWithSecrets {
  readonly value: JsonMap;
  /** To be kept out of what others see. */
  readonly words: readonly string[];
}

/** Names of the secrets that a configuration speaks of: `{{secret.NAME}}`. */
export function secretsNamedIn(config: Json | undefined): readonly string[] {
  const found = config === undefined ? [] : Array.from(JSON.stringify(config).matchAll(WRITTEN), ([, name = '']) => name);
  return [...new Set(found)];
}

/**
 * Puts secrets where the texts of a configuration name them as they were declared at the same place; one that is not there leaves nothing.
 * A text that was not declared stays as it is.
 */
export function withSecretsIn(config: JsonMap, declared: Value, secretOf: (name: string) => string | undefined): ConfigWithSecrets {
  const words: string[] = [];
  const find: Find = (name) => {
    const word = secretOf(name);
    if (word !== undefined) words.push(word);
    return word ?? '';
  };
  return { value: filledMap(config, declared, find), words };
}

type Find = (name: string) => string;

function filledMap(map: JsonMap, declared: Value, find: Find): JsonMap {
  const own = isMap(declared) ? declared : {};
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, filled(value, ownOf(own, key), find)]));
}

function filled(value: Json, declared: Value, find: Find): Json {
  if (typeof value === 'string') return value === declared ? value.replace(WRITTEN, (_, name: string) => find(name)) : value;
  if (isList(value)) return value.map((item, index) => filled(item, isList(declared) ? declared[index] : undefined, find));
  return isMap(value) ? filledMap(value, declared, find) : value;
}

import type { Json, JsonMap } from '@millrace/kernel';
import { isList, isMap } from '../../values/value';

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

/** Puts secrets where the texts of a configuration name them; one that is not there leaves nothing. */
export function withSecretsIn(config: JsonMap, secretOf: (name: string) => string | undefined): ConfigWithSecrets {
  const words: string[] = [];
  const find = (name: string): string => {
    const word = secretOf(name);
    if (word !== undefined) words.push(word);
    return word ?? '';
  };
  return { value: filledMap(config, find), words };
}

function filledMap(map: JsonMap, find: (name: string) => string): JsonMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, filled(value, find)]));
}

function filled(value: Json, find: (name: string) => string): Json {
  if (typeof value === 'string') return value.replace(WRITTEN, (_, name: string) => find(name));
  if (isList(value)) return value.map((item) => filled(item, find));
  return isMap(value) ? filledMap(value, find) : value;
}

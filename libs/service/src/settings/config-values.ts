import type { Json, JsonMap } from '@millrace/kernel';
import { compileSchema } from '@millrace/language';

/** Where a value of a configuration comes from. `refused`: the environment has one that the schema does not allow, and it does not count. */
export type ConfigSource = 'workspace' | 'environment' | 'default' | 'refused';

/** A configuration as a workspace or an app declares it. */
export interface DeclaredConfig {
  readonly schema: JsonMap;
  readonly value: JsonMap;
}

/** A configuration with everything in it that counts where nothing is written over it. */
export interface ResolvedConfig {
  readonly value: JsonMap;
  /** By the names of the values, and of those that were refused. */
  readonly sources: Readonly<Record<string, ConfigSource>>;
}

/**
 * What is in force of a configuration: what it declares; else, of the names its schema knows, what the environment says (`textOf`); else the
 * default of its schema. The environment speaks in texts: where the schema wants something else, they are JSON.
 */
export function resolvedConfig({ schema, value }: DeclaredConfig, textOf: (name: string) => string | undefined): ResolvedConfig {
  const properties = ownOf(schema, 'properties');
  const sources: Record<string, ConfigSource> = Object.fromEntries(Object.keys(value).map((name) => [name, 'workspace']));
  const given: Record<string, Json> = {};
  for (const [name, property] of Object.entries(isMap(properties) ? properties : {})) {
    const text = Object.hasOwn(value, name) ? undefined : textOf(name);
    if (text === undefined) continue;
    const read = readAs(property, text);
    sources[name] = read === undefined ? 'refused' : 'environment';
    if (read !== undefined) given[name] = read;
  }
  const whole: Record<string, Json> = { ...value, ...given };
  for (const [name, property] of Object.entries(isMap(properties) ? properties : {})) {
    const fallback = defaultOf(property);
    if (Object.hasOwn(whole, name) || fallback === undefined) continue;
    whole[name] = fallback;
    sources[name] ??= 'default';
  }
  return { value: whole, sources };
}

function defaultOf(property: Json): Json | undefined {
  return isMap(property) ? ownOf(property, 'default') : undefined;
}

/** The text as the schema wants it; undefined: it does not allow it. */
function readAs(schema: Json, text: string): Json | undefined {
  const value = wantsText(schema) ? text : (jsonIn(text) ?? text);
  return isAllowed(schema, value) ? value : undefined;
}

function wantsText(schema: Json): boolean {
  const type = isMap(schema) ? ownOf(schema, 'type') : undefined;
  return type === 'string' || (Array.isArray(type) && type.includes('string'));
}

function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** A schema that says nothing by itself, as one that points elsewhere, allows anything. */
function isAllowed(schema: Json, value: Json): boolean {
  try {
    return compileSchema(schema)(value, '').length === 0;
  } catch {
    return true;
  }
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ownOf(map: JsonMap, name: string): Json | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

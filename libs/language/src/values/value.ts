import type { Json, JsonMap } from '@millrace/kernel';

/** A value of the language. `undefined` is *missing*: the value of something that is not there; it is not null. */
export type Value = Json | undefined;

/** Whether a value is a map. */
export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** False for false, 0, empty text, null and missing; all else is true, also an empty list or map. */
export function isTrue(value: Value): boolean {
  return value !== false && value !== 0 && value !== '' && value !== null && value !== undefined;
}

const NUMERIC = /^\s*[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*$/;

/** The finite number of a number or a numeric text (sign, digits, fraction, exponent, blanks around), with one zero as in JSON; else undefined. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !NUMERIC.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number + 0 : undefined;
}

/** What a value contributes to a text with other parts: nothing for null and missing, lists and maps as JSON indented by two blanks. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/** A value as one line of text: as `textOf`, but lists and maps as compact JSON. */
export function lineOf(value: Value): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : textOf(value);
}

/** What a person calls the type of a value. */
export function typeName(value: Value): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'map';
  return typeof value === 'string' ? 'text' : typeof value;
}

/** The own entry of a map; missing if it has none. */
export function ownOf(map: JsonMap, key: string): Value {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** A copy of a map without some keys. */
export function without(map: JsonMap, ...keys: readonly string[]): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

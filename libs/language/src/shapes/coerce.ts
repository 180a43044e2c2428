import { LanguageError } from '../problems/language-error';
import { durationOf } from '../time/duration';
import { isList, isMap, numberOf, ownOf, typeName } from '../values/value';
import type { Json, JsonMap } from '@millrace/kernel';
import type { Value } from '../values/value';
import { nameOf } from './shape';
import type { Field, Fields, Shape } from './shape';

/**
 * Parameters as their shapes say: numeric text as a number, `"true"` as a boolean, one item as a list, durations in milliseconds. A null
 * or missing one is left out. Refuses with `language.argument_missing` or `language.argument_type`; `where` begins the message.
 */
export function coerceFields(fields: Fields, value: JsonMap, where: string): JsonMap {
  const result: Record<string, Json> = {};
  for (const [name, field] of entriesOf(fields)) {
    const written = ownOf(value, name);
    if (written === undefined && field.required !== true) continue;
    const given = coerceField(field, written, `${where}.${name}`);
    if (given !== undefined) result[name] = given;
  }
  return result;
}

/** The entries of the tables that instructions are read by: few, and asked for with each instruction. */
const ENTRIES = new WeakMap<Fields, readonly (readonly [string, Field])[]>();

function entriesOf(fields: Fields): readonly (readonly [string, Field])[] {
  const known = ENTRIES.get(fields);
  if (known !== undefined) return known;
  const entries = Object.entries(fields);
  ENTRIES.set(fields, entries);
  return entries;
}

function coerceField(field: Field, value: Value, where: string): Value {
  if (value === null && field.nullable === true) return null;
  if (value !== undefined && value !== null) return coerce(field.shape, value, where);
  if (field.required === true) throw new LanguageError('language.argument_missing', `\`${where}\` is required.`);
  return undefined;
}

/** One value as its shape says. */
export function coerce(shape: Shape, value: Json, where: string): Json {
  const result = attempt(shape, value, where);
  if (result === undefined) {
    throw new LanguageError('language.argument_type', `\`${where}\` must be ${nameOf(shape)}, found ${typeName(value)}.`);
  }
  return result;
}

function attempt(shape: Shape, value: Json, where: string): Value {
  switch (shape.kind) {
    case 'text':
      return textFor(shape, value);
    case 'number':
      return numberFor(shape, value);
    case 'boolean':
      return booleanFor(value);
    case 'duration':
      return durationOf(value, shape.unit);
    case 'list':
      return listFor(shape, value, where);
    case 'map':
      return mapFor(shape, value, where);
    case 'either':
      return eitherFor(shape.of, value, where);
    default:
      return value;
  }
}

function textFor({ values, pattern }: Extract<Shape, { kind: 'text' }>, value: Json): Value {
  if (typeof value === 'object') return undefined;
  const text = String(value);
  if (values !== undefined && !values.includes(text)) return undefined;
  return pattern === undefined || new RegExp(pattern).test(text) ? text : undefined;
}

function numberFor({ least, most, integer }: Extract<Shape, { kind: 'number' }>, value: Json): Value {
  const number = numberOf(value);
  if (number === undefined || (integer === true && !Number.isInteger(number))) return undefined;
  return number < (least ?? number) || number > (most ?? number) ? undefined : number;
}

function booleanFor(value: Json): Value {
  if (typeof value === 'boolean') return value;
  return value === 'true' || value === 'false' ? value === 'true' : undefined;
}

function listFor({ of, single }: Extract<Shape, { kind: 'list' }>, value: Json, where: string): Value {
  if (isList(value)) return value.map((item, index) => coerce(of, item, `${where}[${index}]`));
  return single ? [coerce(of, value, where)] : undefined;
}

function mapFor({ fields, rest }: Extract<Shape, { kind: 'map' }>, value: Json, where: string): Value {
  if (!isMap(value)) return undefined;
  if (rest?.kind === 'any' && Object.keys(fields).length === 0) return value;
  const others = rest === undefined ? {} : Object.fromEntries(otherEntries(fields, rest, value, where));
  return { ...others, ...coerceFields(fields, value, where) };
}

function otherEntries(fields: Fields, rest: Shape, value: JsonMap, where: string): readonly (readonly [string, Json])[] {
  return Object.entries(value)
    .filter(([key]) => !Object.hasOwn(fields, key))
    .map(([key, item]) => [key, item === null ? null : coerce(rest, item, `${where}.${key}`)]);
}

function eitherFor(shapes: readonly Shape[], value: Json, where: string): Value {
  for (const shape of shapes) {
    try {
      const result = attempt(shape, value, where);
      if (result !== undefined) return result;
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
    }
  }
  return undefined;
}

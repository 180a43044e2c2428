import type { Json } from '@millrace/kernel';
import { pattern } from '../expressions/regex';
import { refusalIn } from '../problems/language-error';
import { same } from '../values/compare';
import { isList, isMap, textOf } from '../values/value';
import { FORMATS } from './formats';
import { FINE, SchemaInvalid, wrong } from './schema';
import type { Keyword, Validate } from './schema';

const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => typeof value === 'number' && Number.isInteger(value),
  string: (value) => typeof value === 'string',
  array: isList,
  object: isMap,
  'localized:string': localized('string'),
  'localized:number': localized('number'),
  'localized:boolean': localized('boolean'),
};

function localized(type: 'string' | 'number' | 'boolean'): (value: Json) => boolean {
  const plain = (value: Json): boolean => typeof value === type;
  return (value) => plain(value) || (isMap(value) && Object.values(value).every(plain));
}

/** What a value must be of: `type`. */
const type: Keyword = ({ value }) => {
  const names = (isList(value) ? value : [value]).map(textOf);
  const tests = names.map((name) => {
    const test = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
    if (test === undefined) throw new SchemaInvalid(`there is no type ${name}; there are ${Object.keys(TYPES).join(', ')}`, '/type');
    return test;
  });
  return (found, pointer) => (tests.some((test) => test(found)) ? FINE : wrong(pointer, `must be ${names.join(' or ')}`));
};

const choice: Keyword = ({ value }) => {
  if (!isList(value)) throw new SchemaInvalid('`enum` is a list', '/enum');
  return (found, pointer) =>
    value.some((one) => same(one, found)) ? FINE : wrong(pointer, `must be one of ${value.map((one) => JSON.stringify(one)).join(', ')}`);
};

const constant: Keyword =
  ({ value }) =>
  (found, pointer) =>
    same(value, found) ? FINE : wrong(pointer, `must be ${JSON.stringify(value)}`);

function onNumber(name: string, test: (found: number, limit: number) => boolean, detail: (limit: number) => string): Keyword {
  return ({ value }) => {
    if (typeof value !== 'number') throw new SchemaInvalid(`\`${name}\` is a number`, `/${name}`);
    return (found, pointer) => (typeof found !== 'number' || test(found, value) ? FINE : wrong(pointer, detail(value)));
  };
}

function isMultiple(found: number, of: number): boolean {
  const times = found / of;
  return Math.abs(times - Math.round(times)) < 1e-9;
}

/** A keyword that limits how much of something a value has. */
export function onSize(name: string, size: (value: Json) => number | undefined, least: boolean, unit: string): Keyword {
  return ({ value }) => {
    if (typeof value !== 'number' || value < 0) throw new SchemaInvalid(`\`${name}\` is a number from 0`, `/${name}`);
    return (found, pointer) => {
      const has = size(found);
      const fits = has === undefined || (least ? has >= value : has <= value);
      return fits ? FINE : wrong(pointer, `must have at ${least ? 'least' : 'most'} ${value} ${unit}`);
    };
  };
}

function characters(value: Json): number | undefined {
  return typeof value === 'string' ? Array.from(value).length : undefined;
}

const fitsPattern: Keyword = ({ value }) => {
  const source = textOf(value);
  const wanted = regexOf(source, '/pattern');
  return (found, pointer) => (typeof found !== 'string' || wanted.test(found) ? FINE : wrong(pointer, `must fit ${source}`));
};

/** Compiles a pattern of a schema. */
export function regexOf(source: string, pointer: string): { test(text: string): boolean } {
  try {
    return pattern(source, '');
  } catch (error) {
    throw new SchemaInvalid(refusalIn(error).message, pointer);
  }
}

const format: Keyword = ({ value }): Validate | undefined => {
  const name = textOf(value);
  const test = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (test === undefined) return undefined;
  return (found, pointer) => (typeof found !== 'string' || test(found) ? FINE : wrong(pointer, `must be ${name}`));
};

/** The keywords that look at a value as a whole. */
export const SCALAR_KEYWORDS: Readonly<Record<string, Keyword>> = {
  type,
  enum: choice,
  const: constant,
  minimum: onNumber(
    'minimum',
    (found, limit) => found >= limit,
    (limit) => `must be at least ${limit}`,
  ),
  maximum: onNumber(
    'maximum',
    (found, limit) => found <= limit,
    (limit) => `must be at most ${limit}`,
  ),
  exclusiveMinimum: onNumber(
    'exclusiveMinimum',
    (found, limit) => found > limit,
    (limit) => `must be more than ${limit}`,
  ),
  exclusiveMaximum: onNumber(
    'exclusiveMaximum',
    (found, limit) => found < limit,
    (limit) => `must be less than ${limit}`,
  ),
  multipleOf: (site) => {
    if (typeof site.value === 'number' && site.value <= 0) throw new SchemaInvalid('`multipleOf` is more than 0', '/multipleOf');
    return onNumber('multipleOf', isMultiple, (limit) => `must be a multiple of ${limit}`)(site);
  },
  minLength: onSize('minLength', characters, true, 'characters'),
  maxLength: onSize('maxLength', characters, false, 'characters'),
  pattern: fitsPattern,
  format,
};

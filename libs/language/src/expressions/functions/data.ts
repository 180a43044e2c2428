import { isList, isMap, lineOf, numberOf } from '../../values/value';
import type { Value } from '../../values/value';
import { isoOf } from '../../time/instant';
import { numberAt, textAt, wrongArgument } from './function';
import type { Call, FunctionSpec } from './function';

function typeTest(name: string, summary: string, test: (value: Value) => boolean): FunctionSpec {
  return { name, parameters: 'v?', summary, least: 0, most: 1, wordsAreVariables: true, apply: ({ args }) => test(args[0]) };
}

function toNumber(value: Value): Value {
  return typeof value === 'boolean' ? Number(value) : numberOf(value);
}

function random(call: Call): Value {
  const { args, env } = call;
  if (args.length === 0) return env.chance.fraction();
  if (args.length === 1) throw wrongArgument(call, 'takes no argument or two');
  const min = numberAt(call, 0);
  const max = numberAt(call, 1);
  if (min === 0 && max === 1) return env.chance.fraction();
  if (max <= min) throw wrongArgument(call, 'needs a second number above the first');
  return Math.floor(env.chance.fraction() * (max - min)) + min;
}

function toBase64({ args }: Call): string {
  return btoa(Array.from(new TextEncoder().encode(lineOf(args[0])), (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(call: Call): string {
  const text = textAt(call, 0).replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    throw wrongArgument(call, 'needs text in Base64');
  }
}

/** Functions about types, chance, time and encodings. */
export const DATA: readonly FunctionSpec[] = [
  typeTest('isArray', 'Whether it is a list', isList),
  typeTest('isObject', 'Whether it is a map; not so null', isMap),
  typeTest('isString', 'Whether it is a text', (value) => typeof value === 'string'),
  typeTest('isNumber', 'Whether it is a number', (value) => typeof value === 'number'),
  typeTest('isBoolean', 'Whether it is true or false', (value) => typeof value === 'boolean'),
  {
    name: 'rand',
    parameters: 'min?, max?',
    summary: 'A number of at least 0 and less than 1, or an integer of at least min and less than max',
    least: 0,
    most: 2,
    apply: random,
  },
  { name: 'uuid', parameters: '', summary: 'A new UUID', least: 0, most: 0, apply: ({ env }) => env.chance.uuid() },
  { name: 'now', parameters: '', summary: 'The present time as ISO 8601 text', least: 0, most: 0, apply: ({ env }) => isoOf(env.now) },
  {
    name: 'number',
    parameters: 'v',
    summary: 'A number, numeric text or boolean as a number, else missing',
    least: 1,
    most: 1,
    apply: ({ args }) => toNumber(args[0]),
  },
  {
    name: 'string',
    parameters: 'v',
    summary: 'The value as text; null and missing are empty, lists and maps compact JSON',
    least: 1,
    most: 1,
    apply: ({ args }) => lineOf(args[0]),
  },
  { name: 'base64', parameters: 'v', summary: 'The value as text, in Base64 of its UTF-8', least: 1, most: 1, apply: toBase64 },
  { name: 'unbase64', parameters: 'text', summary: 'The text that Base64 stands for', least: 1, most: 1, apply: fromBase64 },
];

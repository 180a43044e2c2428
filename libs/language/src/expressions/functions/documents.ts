import { LanguageError } from '../../problems/language-error';
import { cleaned, DataRefused } from '../../values/json';
import { matchesQuery, sameOrAbsent } from '../../values/query';
import { isList, isMap, ownOf } from '../../values/value';
import type { Json, JsonMap } from '@millrace/kernel';
import type { QueryRules } from '../../values/query';
import type { Value } from '../../values/value';
import { pattern } from '../regex';
import { isGiven, mapAt, produced, textAt, wrongArgument } from './function';
import type { Call, FunctionSpec } from './function';

/** The rules of queries inside an expression. */
export function queryRules(call: Call): QueryRules {
  return {
    refuse: (message) => {
      throw wrongArgument(call, `has a query that cannot be used: ${message}`);
    },
    regex: (source, flags, text) => source !== '' && pattern(source, flags, call.site).test(text),
    equal: sameOrAbsent,
  };
}

function convert(call: Call): Value {
  const [value] = call.args;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return produced(call, JSON.stringify(value));
  call.env.spend(value.length >> 6);
  const parsed = attempt(value);
  if (parsed === undefined || parsed === TOO_DEEP) throw wrongArgument(call, 'needs text that is JSON');
  return parsed;
}

/** The first list or map that can be read in prose. Each opening is looked at once; where it closes is found by counting. */
function found(call: Call): Value {
  const text = textAt(call, 0);
  let from = 0;
  for (let open = nextOpening(text, from); open >= 0; open = nextOpening(text, from)) {
    const end = closing(text, open);
    call.env.spend(1 + (((end ?? text.length) - open) >> 6));
    from = open + 1;
    if (end === undefined) continue;
    const value = attempt(text.slice(open, end));
    if (value === TOO_DEEP) from = end;
    else if (value !== undefined) return value;
  }
  return undefined;
}

const TOO_DEEP = Symbol('nested too deeply');

function attempt(text: string): Json | undefined | typeof TOO_DEEP {
  try {
    return cleaned(JSON.parse(text));
  } catch (error) {
    if (error instanceof DataRefused) return TOO_DEEP;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function nextOpening(text: string, from: number): number {
  const at = text.slice(from).search(/[[{]/);
  return at < 0 ? -1 : from + at;
}

function closing(text: string, open: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = open; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\' && quoted) at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '{' || character === '[')) depth += 1;
    else if (!quoted && (character === '}' || character === ']')) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** Maps by key, lists appended, texts joined if asked, else the second. */
function merged(a: Json, b: Json, join: boolean): Json {
  if (isMap(a) && isMap(b)) return mergedMaps(a, b, join);
  if (isList(a) && isList(b)) return [...a, ...b];
  return join && typeof a === 'string' && typeof b === 'string' ? a + b : b;
}

function mergedMaps(a: JsonMap, b: JsonMap, join: boolean): JsonMap {
  const result = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const before = result.get(key);
    result.set(key, before === undefined ? value : merged(before, value, join));
  }
  result.delete('__proto__');
  return Object.fromEntries(result);
}

function deepMerge(call: Call): Value {
  const [a, b] = call.args;
  const join = isGiven(call, 2) && ownOf(mapAt(call, 2), 'concatStrings') === true;
  if (a === undefined || b === undefined) return a ?? b;
  const size = JSON.stringify(a).length + JSON.stringify(b).length;
  call.env.spend(size >> 6);
  return merged(a, b, join);
}

/** Functions on whole documents. */
export const JSON_FUNCTIONS: readonly FunctionSpec[] = [
  {
    name: 'json',
    parameters: 'v',
    summary: 'The value that JSON text stands for; the compact JSON of anything else',
    least: 1,
    most: 1,
    apply: convert,
  },
  {
    name: 'jsonmatch',
    parameters: 'v, query',
    summary: 'Whether a map or list fits a query',
    least: 2,
    most: 2,
    apply: (call) => matchesQuery(call.args[0], mapAt(call, 1), queryRules(call)),
  },
  {
    name: 'unsafejson',
    parameters: 'text',
    summary: 'The first list or map that stands in prose; missing if there is none',
    least: 1,
    most: 1,
    apply: found,
  },
  {
    name: 'deepmerge',
    parameters: 'a, b, {concatStrings}?',
    summary: 'Maps merged key by key, lists appended, else the second',
    least: 2,
    most: 3,
    apply: deepMerge,
  },
];

/** Makes a query usable outside an expression. */
export function plainQueryRules(equal: QueryRules['equal']): QueryRules {
  return {
    refuse: (message) => {
      throw new LanguageError('language.expression_type', `The query cannot be used: ${message}.`);
    },
    regex: (source, flags, text) => source !== '' && pattern(source, flags).test(text),
    equal,
  };
}

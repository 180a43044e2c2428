import { LanguageError } from '../problems/language-error';
import { equal, order, same } from '../values/compare';
import { isList, isMap, lineOf, numberOf, ownOf, textOf, typeName } from '../values/value';
import type { Span } from '../problems/language-error';
import type { Value } from '../values/value';
import type { BinaryOperator } from './ast';

/** What an operator may know of where it stands. */
export interface Site extends Span {
  readonly prisme: boolean;
}

type Binary = (a: Value, b: Value, site: Site) => Value;

/** The operators that need both their operands. */
export const BINARY: Readonly<Record<BinaryOperator, Binary>> = {
  '==': equal,
  '===': same,
  '!=': (a, b, site) => (site.prisme ? !same(a, b) : !equal(a, b)),
  '!==': (a, b) => !same(a, b),
  '<': (a, b) => (order(a, b) ?? Number.NaN) < 0,
  '<=': (a, b) => (order(a, b) ?? Number.NaN) <= 0,
  '>': (a, b) => (order(a, b) ?? Number.NaN) > 0,
  '>=': (a, b) => (order(a, b) ?? Number.NaN) >= 0,
  '+': add,
  '-': (a, b, site) => arithmetic('-', a, b, site),
  '*': (a, b, site) => arithmetic('*', a, b, site),
  '/': (a, b, site) => arithmetic('/', a, b, site),
  '%': (a, b, site) => arithmetic('%', a, b, site),
};

function add(a: Value, b: Value, site: Site): Value {
  return typeof a === 'string' || typeof b === 'string' ? lineOf(a) + lineOf(b) : arithmetic('+', a, b, site);
}

function arithmetic(op: '+' | '-' | '*' | '/' | '%', a: Value, b: Value, site: Site): Value {
  const left = numberOf(a);
  const right = numberOf(b);
  if (left === undefined || right === undefined) {
    const wrong = left === undefined ? a : b;
    return outOfNumbers(site, `\`${op}\` needs numbers, found ${described(wrong)}`);
  }
  const result = calculate(op, left, right);
  return Number.isFinite(result) ? result + 0 : outOfNumbers(site, `\`${left} ${op} ${right}\` is no finite number`);
}

function calculate(op: '+' | '-' | '*' | '/' | '%', a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
  }
}

/** The negative of a number or numeric text. */
export function negative(value: Value, site: Site): Value {
  const number = numberOf(value);
  return number === undefined ? outOfNumbers(site, `\`-\` needs a number, found ${described(value)}`) : 0 - number;
}

function outOfNumbers(site: Site, message: string): undefined {
  if (site.prisme) return undefined;
  throw new LanguageError('language.expression_type', `${message}.`, site);
}

/** A value in a sentence: its type, and the value itself when it is short. */
export function described(value: Value): string {
  if (value === null || value === undefined) return typeName(value);
  const text = lineOf(value);
  return text.length > 40 ? `a ${typeName(value)}` : `${typeName(value)} ${typeof value === 'string' ? JSON.stringify(text) : text}`;
}

/** `a in b`: an item of a list, one of the comma-separated parts of a text, an own key of a map. */
export function isIn(a: Value, b: Value): boolean {
  if (isList(b)) return b.some((item) => same(item, a));
  if (typeof b === 'string') return a !== null && a !== undefined && b.split(',').some((part) => part.trim() === textOf(a));
  return isMap(b) && a !== undefined && typeof a !== 'object' && ownOf(b, String(a)) !== undefined;
}

const INTEGER = /^-?\d+$/;

/** A key, and the index it is into lists and texts; NaN for one that is none. */
export interface Key {
  readonly text: string;
  readonly index: number;
}

/** A key made ready to be looked up many times. */
export function keyOf(text: string): Key {
  return { text, index: INTEGER.test(text) ? Number(text) : Number.NaN };
}

/** What is at a key: an own entry of a map; an item or character by index (negative: from the end), or `length`; else missing. */
export function at(value: Value, key: string): Value {
  return isMap(value) ? ownOf(value, key) : itemAt(value, keyOf(key));
}

/** The same for a key that was made ready. */
export function atKey(value: Value, key: Key): Value {
  return isMap(value) ? ownOf(value, key.text) : itemAt(value, key);
}

function itemAt(value: Value, { text, index }: Key): Value {
  if (typeof value !== 'string' && !isList(value)) return undefined;
  if (text === 'length') return value.length;
  return Number.isNaN(index) ? undefined : value.at(index);
}

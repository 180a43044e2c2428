import { LanguageError } from '../../problems/language-error';
import { isList, isMap, numberOf } from '../../values/value';
import type { Json, JsonMap } from '@millrace/kernel';
import type { Value } from '../../values/value';
import { described } from '../operators';
import type { Site } from '../operators';
import type { Env } from '../env';

/** A call being evaluated: its arguments and what it may know. */
export interface Call {
  readonly name: string;
  readonly args: readonly Value[];
  readonly env: Env;
  readonly site: Site;
}

/** A function of the expression language. */
export interface FunctionSpec {
  readonly name: string;
  /** The parameters as a person writes them, `?` behind optional ones: shown in messages, help and the reference page. */
  readonly parameters: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  readonly least: number;
  readonly most: number;
  readonly apply: (call: Call) => Value;
  /** Fields of the result that are computed rather than read. */
  readonly fields?: Readonly<Record<string, (call: Call) => Value>>;
  /** A bare word as argument names a variable. */
  readonly wordsAreVariables?: true;
}

/** Refuses the arguments of a call. */
export function wrongArgument(call: Call, message: string): LanguageError {
  return new LanguageError('language.expression_type', `\`${call.name}\` ${message}.`, call.site);
}

/** The nth argument as text; refuses anything else. */
export function textAt(call: Call, index: number): string {
  const value = call.args[index];
  if (typeof value === 'string') return value;
  throw wrongArgument(call, `needs a text as argument ${index + 1}, found ${described(value)}`);
}

/** The nth argument as a number, numeric text counts; refuses anything else. */
export function numberAt(call: Call, index: number): number {
  const value = numberOf(call.args[index]);
  if (value !== undefined) return value;
  throw wrongArgument(call, `needs a number as argument ${index + 1}, found ${described(call.args[index])}`);
}

/** The nth argument as a number, or what stands for it when it is not given. */
export function numberOr(call: Call, index: number, otherwise: number): number {
  return isGiven(call, index) ? numberAt(call, index) : otherwise;
}

/** The nth argument as text, or what stands for it when it is not given. */
export function textOr<T>(call: Call, index: number, otherwise: T): string | T {
  return isGiven(call, index) ? textAt(call, index) : otherwise;
}

/** Whether the nth argument is there: neither null nor missing. */
export function isGiven(call: Call, index: number): boolean {
  return call.args[index] !== undefined && call.args[index] !== null;
}

/** The nth argument as a list; refuses anything else. Counts its items as work. */
export function listAt(call: Call, index: number): readonly Json[] {
  const value = call.args[index];
  if (!isList(value)) throw wrongArgument(call, `needs a list as argument ${index + 1}, found ${described(value)}`);
  call.env.spend(value.length);
  return value;
}

/** The nth argument as a map; refuses anything else. Counts its entries as work. */
export function mapAt(call: Call, index: number): JsonMap {
  const value = call.args[index];
  if (!isMap(value)) throw wrongArgument(call, `needs a map as argument ${index + 1}, found ${described(value)}`);
  call.env.spend(Object.keys(value).length);
  return value;
}

/** A text that was made: counted as work. */
export function produced(call: Call, text: string): string {
  call.env.spend(text.length >> 6);
  return text;
}

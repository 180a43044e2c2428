import { LanguageError } from '../problems/language-error';
import { isList, isTrue, textOf } from '../values/value';
import type { Json } from '@millrace/kernel';
import type { Value } from '../values/value';
import { compileCall, compileField } from './compile-call';
import { compileReference } from './compile-reference';
import { at, BINARY, isIn, negative } from './operators';
import { literalPattern, matchesAny, pattern } from './regex';
import type { Expression, RegexParts } from './ast';
import type { Dialect, Env, Evaluate } from './env';
import type { Pattern } from './regex';

type NodeOf<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;
type Compile = (node: Expression) => Evaluate;
type Compilers = { readonly [Kind in Expression['kind']]: (node: NodeOf<Kind>, compile: Compile, dialect: Dialect) => Evaluate };

const COMPILERS: Compilers = {
  literal:
    ({ value }) =>
    () =>
      value,
  word:
    ({ word }) =>
    () =>
      word,
  reference: compileReference,
  call: compileCall,
  field: (node, compile, dialect) => compileField(node, compile, dialect) ?? member(compile(node.of), node.name),
  index: ({ of, key }, compile) => keyed(compile(of), compile(key)),
  not: ({ of }, compile) => not(compile(of)),
  minus: (node, compile, { prisme }) => minus(compile(node.of), { at: node.at, end: node.end, prisme }),
  and: ({ left, right }, compile) => deciding(compile(left), compile(right), (value) => !isTrue(value)),
  or: ({ left, right }, compile) => deciding(compile(left), compile(right), isTrue),
  coalesce: ({ left, right }, compile) => deciding(compile(left), compile(right), isThere),
  binary: compileBinary,
  exists: ({ of, negated }, compile) => exists(compile(of), negated),
  in: ({ left, right, negated }, compile) => within(compile(left), compile(right), negated),
  matches: compileMatches,
  choose: ({ test, yes, no }, compile) => choose(compile(test), compile(yes), compile(no)),
  list: ({ items }, compile) => list(items.map(compile)),
  map: ({ entries }, compile) => map(entries.map(([key, value]) => [key, compile(value)] as const)),
};

/** Compiles an expression to a closure. What can only fail fails when it is evaluated. */
export function compileExpression(expression: Expression, dialect: Dialect): Evaluate {
  let units = 0;
  const compile: Compile = (node) => {
    units += 1;
    return (COMPILERS[node.kind] as (node: Expression, compile: Compile, dialect: Dialect) => Evaluate)(node, compile, dialect);
  };
  const evaluate = compile(expression);
  return (env) => {
    env.spend(units);
    return evaluate(env);
  };
}

function member(of: Evaluate, key: string): Evaluate {
  return (env) => at(of(env), key);
}

function keyed(of: Evaluate, key: Evaluate): Evaluate {
  return (env) => {
    const value = of(env);
    const name = key(env);
    return name === null || name === undefined || typeof name === 'object' ? undefined : at(value, String(name));
  };
}

function not(of: Evaluate): Evaluate {
  return (env) => !isTrue(of(env));
}

function minus(of: Evaluate, site: { at: number; end: number; prisme: boolean }): Evaluate {
  return (env) => negative(of(env), site);
}

function isThere(value: Value): boolean {
  return value !== null && value !== undefined;
}

function deciding(left: Evaluate, right: Evaluate, decides: (value: Value) => boolean): Evaluate {
  return (env) => {
    const value = left(env);
    return decides(value) ? value : right(env);
  };
}

function compileBinary(node: NodeOf<'binary'>, compile: Compile, { prisme }: Dialect): Evaluate {
  const left = compile(node.left);
  const right = compile(node.right);
  const apply = BINARY[node.op];
  const site = { at: node.at, end: node.end, prisme };
  return (env) => {
    const a = left(env);
    const b = right(env);
    const result = apply(a, b, site);
    if (typeof result === 'string') env.spend(result.length >> 6);
    else if (isList(a)) env.spend(a.length);
    return result;
  };
}

function exists(of: Evaluate, negated: boolean): Evaluate {
  return (env) => isThere(of(env)) !== negated;
}

function within(left: Evaluate, right: Evaluate, negated: boolean): Evaluate {
  return (env) => {
    const item = left(env);
    const whole = right(env);
    env.spend(isList(whole) ? whole.length : 0);
    return isIn(item, whole) !== negated;
  };
}

function compileMatches(node: NodeOf<'matches'>, compile: Compile): Evaluate {
  const left = compile(node.left);
  const patterns = node.right.kind === 'regex' ? regexPatterns(node.right) : valuePatterns(compile(node.right), node.right);
  return (env) => {
    const value = left(env);
    const wanted = patterns(env);
    env.spend(typeof value === 'string' ? value.length >> 6 : 1);
    return wanted.some((one) => matchesAny(value, one)) !== node.negated;
  };
}

function regexPatterns(regex: RegexParts): (env: Env) => readonly Pattern[] {
  const parts = regex.parts.map((part) => (typeof part === 'string' ? part : compileReference(part)));
  const span = { at: regex.at, end: regex.end };
  return (env) => {
    const source = parts.map((part) => (typeof part === 'string' ? part : textOf(part(env)))).join('');
    return source.trim() === '' ? [] : [literalPattern(source, span)];
  };
}

function valuePatterns(right: Evaluate, node: Expression): (env: Env) => readonly Pattern[] {
  const span = { at: node.at, end: node.end };
  const patternOf = (value: Value): readonly Pattern[] => {
    if (isList(value)) return value.flatMap(patternOf);
    if (value === null || value === undefined || value === '' || typeof value === 'object') return [];
    return [pattern(String(value), '', span)];
  };
  return (env) => patternOf(right(env));
}

function choose(test: Evaluate, yes: Evaluate, no: Evaluate): Evaluate {
  return (env) => (isTrue(test(env)) ? yes(env) : no(env));
}

function list(items: readonly Evaluate[]): Evaluate {
  return (env) => items.map((item) => item(env) ?? null);
}

function map(entries: readonly (readonly [string, Evaluate])[]): Evaluate {
  for (const [key] of entries) {
    if (key === '__proto__') return () => forbidden(key);
  }
  return (env) => {
    const made: Record<string, Json> = {};
    for (const [key, value] of entries) {
      const found = value(env);
      if (found !== undefined) made[key] = found;
    }
    return made;
  };
}

function forbidden(key: string): never {
  throw new LanguageError('language.path_forbidden', `A map cannot have the key ${key}.`);
}

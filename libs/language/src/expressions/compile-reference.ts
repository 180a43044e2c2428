import { LanguageError } from '../problems/language-error';
import { textOf, typeName } from '../values/value';
import type { Value } from '../values/value';
import { at, atKey, keyOf } from './operators';
import { keysOfPieces, piecesOfText } from './path';
import type { KeyParts, Reference } from './ast';
import type { Env, Evaluate } from './env';

/** The keys a path stands for, and whether it ends in `[]`; undefined when a value it depends on is missing. */
export type ResolvePath = (env: Env) => { readonly keys: readonly string[]; readonly append: boolean } | undefined;

/** Compiles reading a variable. */
export function compileReference(reference: Reference): Evaluate {
  const resolve = compilePath(reference);
  if (reference.keys !== undefined) return compileFixed(reference.keys);
  return (env) => {
    const path = resolve(env);
    return path === undefined || path.append ? undefined : read(env, path.keys);
  };
}

function compileFixed(keys: readonly string[]): Evaluate {
  const [name = '', first, ...rest] = keys;
  if (first === undefined) return (env) => shared(env, env.variable(name));
  const key = keyOf(first);
  if (rest.length === 0) return (env) => shared(env, atKey(env.variable(name, first), key));
  const more = rest.map(keyOf);
  return (env) => {
    let value = atKey(env.variable(name, first), key);
    for (const next of more) {
      if (value === undefined) return undefined;
      value = atKey(value, next);
    }
    return shared(env, value);
  };
}

function read(env: Env, keys: readonly string[]): Value {
  let value = env.variable(keys[0] ?? '', keys[1]);
  for (let i = 1; i < keys.length && value !== undefined; i++) value = at(value, keys[i] ?? '');
  return shared(env, value);
}

function shared(env: Env, value: Value): Value {
  if (typeof value === 'object' && value !== null) env.share(value);
  return value;
}

/** Compiles finding out which keys a path stands for. Throws `language.path_invalid` when a value cannot be part of a path. */
export function compilePath(reference: Reference): ResolvePath {
  const { keys, append } = reference;
  if (keys !== undefined) return () => ({ keys, append });
  const steps = reference.pieces.map(compilePiece);
  return (env) => {
    const pieces: Built = { done: [], text: '' };
    for (const step of steps) if (!step(env, pieces)) return undefined;
    return finish(pieces, reference);
  };
}

interface Built {
  done: (string | { readonly key: readonly string[] })[];
  text: string;
}

type Step = (env: Env, built: Built) => boolean;

function compilePiece(piece: string | Reference | { readonly key: KeyParts }): Step {
  if (typeof piece === 'string') {
    return (_, built) => {
      built.text += piece;
      return true;
    };
  }
  return 'key' in piece ? bracketed(piece.key) : spliced(piece);
}

function spliced(reference: Reference): Step {
  const value = compileReference(reference);
  return (env, built) => {
    const text = partOf(value(env), reference);
    if (text === undefined || text.includes('{{')) return false;
    built.text += text;
    return true;
  };
}

function bracketed(parts: KeyParts): Step {
  const texts = parts.map((part) => (typeof part === 'string' ? part : compileReference(part)));
  const only = parts.length === 1 && typeof parts[0] === 'object' ? parts[0] : undefined;
  return (env, built) => {
    const values = texts.map((text) => (typeof text === 'string' ? text : text(env)));
    const key = only === undefined ? values.map(textOf).join('') : partOf(values[0], only);
    if (key === undefined) return false;
    flush(built, only);
    built.done.push({ key: [key] });
    return true;
  };
}

function partOf(value: Value, reference: Reference): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'object') throw noPath(`a ${typeName(value)} cannot be part of a path`, reference);
  return String(value);
}

function flush(built: Built, reference?: Reference): void {
  const pieces = piecesOfText(built.text);
  if (pieces === undefined) throw noPath(`${JSON.stringify(built.text)} is no path`, reference);
  built.done.push(...pieces);
  built.text = '';
}

function finish(built: Built, reference: Reference): { keys: readonly string[]; append: boolean } {
  const append = /\[\s*\]\s*$/.exec(built.text);
  if (append !== null) built.text = built.text.slice(0, append.index);
  flush(built, reference);
  const keys = keysOfPieces(built.done);
  if (typeof keys === 'string') throw noPath(keys, reference);
  return { keys, append: reference.append || append !== null };
}

function noPath(why: string, reference?: Reference): LanguageError {
  return new LanguageError('language.path_invalid', `This is no path: ${why}.`, reference);
}

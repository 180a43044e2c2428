import { offsetInQuoted } from './locate-quoted';
import type { ScalarTree } from '../tree';

/**
 * The offset in the file of the character at `index` of a scalar's value. Follows quotes, escapes, folded lines and the indentation of
 * blocks by walking the source and the value side by side.
 */
export function offsetIn(scalar: ScalarTree, index: number): number {
  if (typeof scalar.value !== 'string') return scalar.start;
  if (scalar.style === 'exact') return scalar.start + index;
  if (scalar.style === 'double') return offsetInQuoted(scalar, index);
  const { text } = scalar.file;
  let at = contentStart(scalar);
  for (let i = 0; i < index && at < scalar.end; i++) at = after(scalar, text, at, scalar.value.charAt(i));
  return Math.min(beginning(scalar, text, at, scalar.value.charAt(index)), scalar.end);
}

function contentStart(scalar: ScalarTree): number {
  const { text } = scalar.file;
  if (scalar.style === 'plain') return scalar.start;
  if (scalar.style === 'single') return scalar.start + 1;
  const line = text.indexOf('\n', scalar.start);
  return line < 0 ? scalar.end : line + 1;
}

/** Where the source of a value's next character begins: past indentation and folded lines. */
function beginning(scalar: ScalarTree, text: string, at: number, character: string): number {
  const current = text.charAt(at);
  if (current === character || character === '') return at;
  let next = at;
  while (next < scalar.end && /\s/.test(text.charAt(next)) && text.charAt(next) !== character) next += 1;
  return next < scalar.end ? next : at;
}

/** The offset behind the source of one character of the value. */
function after(scalar: ScalarTree, text: string, at: number, character: string): number {
  const begin = beginning(scalar, text, at, character);
  const current = text.charAt(begin);
  if (scalar.style === 'single' && current === "'" && character === "'") return begin + 2;
  if (current === character) return character === '\n' ? pastBlanks(scalar, text, begin + 1) : begin + 1;
  return character === ' ' || character === '\n' ? pastBlanks(scalar, text, at) : begin + 1;
}

function pastBlanks(scalar: ScalarTree, text: string, at: number): number {
  if (scalar.style === 'literal') return at;
  return Math.min(scalar.end, at + blanksAt(text, at));
}

function blanksAt(text: string, at: number): number {
  return /^\s*/.exec(text.slice(at, at + 4096))?.[0].length ?? 0;
}

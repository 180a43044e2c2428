import type { Reference } from '../../expressions/ast';
import type { Span } from '../../problems/language-error';

/** The name of the variable a path begins with, as far as it is written; undefined when only a run knows it. */
export function rootOf({ pieces: [first, second] }: Reference): string | undefined {
  if (typeof first !== 'string') return undefined;
  const dot = first.indexOf('.');
  if (dot < 0 && typeof second === 'object' && !('key' in second)) return undefined;
  return (dot < 0 ? first : first.slice(0, dot)).trim();
}

/** Where in a source the name stands that a reference begins with. */
export function rootSpan({ at }: Reference, name: string, source: string): Span {
  const begin = source.indexOf(name, at);
  return { at: begin, end: begin + name.length };
}

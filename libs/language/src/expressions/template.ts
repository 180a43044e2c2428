import { refusalIn } from '../problems/language-error';
import { parseGroup } from './parse';
import { parseReference } from './reference';
import type { TemplatePart } from './ast';
import type { Dialect } from './env';

/** A text as a template. */
export interface Template {
  readonly parts: readonly TemplatePart[];
  /** Where an opening is that nothing closes; it stays text. */
  readonly unclosed?: number;
}

/** Whether a text holds anything to be filled in. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Cuts a text into plain text, references and expressions, from left to right. Never throws: what cannot be read is a broken part. */
export function parseTemplate(text: string, dialect: Dialect): Template {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (;;) {
    const at = openingFrom(text, from);
    const opening = text.slice(at, at + 2);
    if (at < 0) break;
    if (!text.includes(opening === '{{' ? '}}' : '%}', at + 2)) return { parts: withText(parts, text.slice(from)), unclosed: at };
    const part =
      opening === '{{'
        ? readPart(text, at, '}}', () => parseReference(text, at))
        : readPart(text, at, '%}', () => group(text, at, dialect));
    if (at > from) parts.push(text.slice(from, at));
    parts.push(part);
    from = part.end;
  }
  return { parts: withText(parts, text.slice(from)) };
}

function withText(parts: readonly TemplatePart[], text: string): readonly TemplatePart[] {
  return text === '' ? parts : [...parts, text];
}

/** The next opening. Of an odd run of braces the first is text: `{{{` is a brace and a reference. */
function openingFrom(text: string, from: number): number {
  const found = /\{%|\{{2,}/g;
  found.lastIndex = from;
  const run = found.exec(text);
  if (run === null) return -1;
  return run[0].startsWith('{{') && run[0].length % 2 === 1 ? run.index + 1 : run.index;
}

type ReadPart = Exclude<TemplatePart, string>;

function group(text: string, at: number, dialect: Dialect): ReadPart {
  const { expression, end } = parseGroup(text, at + 2, dialect);
  return { kind: 'expression', expression, at, end };
}

function readPart(text: string, at: number, closing: string, parse: () => ReadPart): ReadPart {
  try {
    return parse();
  } catch (error) {
    const { code, message, span } = refusalIn(error);
    const end = text.indexOf(closing, at + 2) + 2;
    return { kind: 'broken', code, message, span: span ?? { at, end }, at, end };
  }
}

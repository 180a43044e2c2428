import type { Expression, Reference } from '../../expressions/ast';
import { childrenOf } from '../../expressions/children';
import { parseExpression } from '../../expressions/parse';
import { parsePath } from '../../expressions/reference';
import { parseTemplate } from '../../expressions/template';
import type { Template } from '../../expressions/template';
import { refusalIn } from '../../problems/language-error';
import type { LanguageError } from '../../problems/language-error';
import type { WrittenText } from './walk';

/** A text of an automation, read as what it is. */
export type ParsedText = { readonly text: WrittenText } & (
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'path'; readonly path: Reference }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'unreadable'; readonly error: LanguageError }
);

/** Reads a text. Never throws. */
export function parseText(text: WrittenText, prisme: boolean): ParsedText {
  if (text.as === 'template') return { text, kind: 'template', template: parseTemplate(text.text, { prisme }) };
  try {
    if (text.as === 'path') return { text, kind: 'path', path: parsePath(text.text) };
    return { text, kind: 'expression', expression: parseExpression(text.text, { prisme }) };
  } catch (error) {
    return { text, kind: 'unreadable', error: refusalIn(error) };
  }
}

/** The expressions of a text, each with all it is made of. */
export function expressionsIn(parsed: ParsedText): readonly Expression[] {
  if (parsed.kind === 'expression') return below(parsed.expression);
  if (parsed.kind !== 'template') return [];
  return parsed.template.parts.flatMap((part) => (typeof part === 'object' && part.kind === 'expression' ? below(part.expression) : []));
}

/** An expression and all it is made of. */
function below(expression: Expression): readonly Expression[] {
  return [expression, ...childrenOf(expression).flatMap(below)];
}

/** The references a text reads, those inside of others too. `expressions` are those of the text. */
export function readsIn(parsed: ParsedText, expressions: readonly Expression[]): readonly Reference[] {
  if (parsed.kind === 'path') return innerOf(parsed.path);
  const direct =
    parsed.kind === 'template' ? parsed.template.parts.filter((part) => typeof part === 'object' && part.kind === 'reference') : [];
  return [...direct, ...expressions.flatMap(referencesOf)].flatMap((reference) => [reference, ...innerOf(reference)]);
}

function referencesOf(node: Expression): readonly Reference[] {
  if (node.kind === 'reference') return [node];
  if (node.kind === 'matches' && node.right.kind === 'regex') return node.right.parts.filter((part) => typeof part !== 'string');
  return [];
}

function innerOf({ pieces }: Reference): readonly Reference[] {
  return pieces.flatMap((piece) => {
    if (typeof piece === 'string') return [];
    const found = 'key' in piece ? piece.key.filter((part) => typeof part !== 'string') : [piece];
    return found.flatMap((reference) => [reference, ...innerOf(reference)]);
  });
}

import { LanguageError } from '../problems/language-error';
import { textOf } from '../values/value';
import { compileExpression } from './compile';
import { compileReference } from './compile-reference';
import { parseTemplate } from './template';
import type { TemplatePart } from './ast';
import type { Dialect, Evaluate } from './env';

/** A compiled text, and whether it is the same whatever the variables are. */
export interface CompiledText {
  readonly evaluate: Evaluate;
  readonly fixed: boolean;
}

/** Compiles a text as a template. One part alone keeps its type; otherwise all parts are joined as text. */
export function compileText(text: string, dialect: Dialect): CompiledText {
  const { parts } = parseTemplate(text, dialect);
  const [only] = parts;
  if (parts.length === 0) return { evaluate: () => '', fixed: true };
  if (parts.length === 1 && only !== undefined) {
    return typeof only === 'string' ? { evaluate: () => only, fixed: true } : { evaluate: compilePart(only, dialect), fixed: false };
  }
  const compiled = parts.map((part) => (typeof part === 'string' ? part : compilePart(part, dialect)));
  return { evaluate: joined(compiled), fixed: false };
}

function compilePart(part: Exclude<TemplatePart, string>, dialect: Dialect): Evaluate {
  switch (part.kind) {
    case 'reference':
      return compileReference(part);
    case 'expression':
      return compileExpression(part.expression, dialect);
    case 'broken':
      if (dialect.prisme && part.code === 'language.reference_syntax') return () => undefined;
      return () => {
        throw new LanguageError(part.code, part.message, part.span);
      };
  }
}

function joined(parts: readonly (string | Evaluate)[]): Evaluate {
  return (env) => {
    let text = '';
    for (const part of parts) {
      text += typeof part === 'string' ? part : textOf(part(env));
      if (text.length > env.longestText)
        throw new LanguageError('language.expression_budget', `The text grows beyond ${env.longestText} characters.`);
    }
    env.spend(text.length >> 6);
    return text;
  };
}

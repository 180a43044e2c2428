import type { JsonMap } from '@millrace/kernel';
import { childrenOf } from '../expressions/children';
import type { Expression, TemplatePart } from '../expressions/ast';
import { compileExpression } from '../expressions/compile';
import type { Dialect } from '../expressions/env';
import { parseExpression } from '../expressions/parse';
import { parseTemplate } from '../expressions/template';
import { LanguageError } from '../problems/language-error';
import { typeName } from '../values/value';
import { CaseEnv } from './evaluate-case';
import { settingsOf } from './settings';

/** A piece of a text as the language reads it, and the pieces it is made of. */
export interface Piece {
  /** `text` between the parts of a template, `broken` for a part that cannot be read, else what kind of expression it is. */
  readonly kind: string;
  /** As it is written. */
  readonly source: string;
  /** Where it begins and ends in the text: offsets from 0, the end exclusive. */
  readonly at: number;
  readonly end: number;
  /** What distinguishes it from others of its kind: the operator, the name of a function, the value of a literal. */
  readonly is: JsonMap;
  /** The type its value has with the variables that were given; the code of the error for one that has none. */
  readonly type: string;
  readonly pieces: readonly Piece[];
}

/**
 * Takes a text apart: as a template, or as an expression by itself. Each piece is evaluated on its own with `vars`, also one that the
 * whole would not have needed. Throws `language.expression_syntax` and its like for an expression that cannot be read.
 */
export function dissect(text: string, as: 'template' | 'expression', vars: JsonMap = {}): readonly Piece[] {
  const dialect: Dialect = { prisme: false };
  const typeOf = (expression: Expression): string => typeWith(expression, dialect, vars);
  if (as === 'expression') return [pieceOf(parseExpression(text, dialect), text, typeOf)];
  const pieces: Piece[] = [];
  let at = 0;
  for (const part of parseTemplate(text, dialect).parts) {
    const end = typeof part === 'string' ? at + part.length : part.end;
    pieces.push(partPiece(part, { at, end, source: text.slice(at, end) }, text, typeOf));
    at = end;
  }
  return pieces;
}

type TypeOf = (expression: Expression) => string;
type Stretch = Pick<Piece, 'at' | 'end' | 'source'>;

function partPiece(part: TemplatePart, stretch: Stretch, text: string, typeOf: TypeOf): Piece {
  if (typeof part === 'string') return { kind: 'text', ...stretch, is: {}, type: 'text', pieces: [] };
  switch (part.kind) {
    case 'reference':
      return pieceOf(part, text, typeOf);
    case 'expression':
      return pieceOf(part.expression, text, typeOf);
    case 'broken':
      return { kind: 'broken', ...stretch, is: { message: part.message }, type: part.code, pieces: [] };
  }
}

function pieceOf(node: Expression, text: string, typeOf: TypeOf): Piece {
  const { kind, at, end } = node;
  const pieces = childrenOf(node).map((child) => pieceOf(child, text, typeOf));
  return { kind, source: text.slice(at, end), at, end, is: distinction(node), type: typeOf(node), pieces };
}

function distinction(node: Expression): JsonMap {
  switch (node.kind) {
    case 'literal':
      return node.value === undefined ? {} : { value: node.value };
    case 'word':
      return { word: node.word };
    case 'reference':
      return node.keys === undefined ? {} : { path: node.keys };
    case 'call':
    case 'field':
      return { name: node.name };
    case 'binary':
      return { operator: node.op };
    case 'map':
      return { keys: node.entries.map(([key]) => key) };
    default:
      return 'negated' in node && node.negated ? { negated: true } : {};
  }
}

function typeWith(expression: Expression, dialect: Dialect, vars: JsonMap): string {
  try {
    return typeName(compileExpression(expression, dialect)(new CaseEnv(vars, settingsOf({}))));
  } catch (error) {
    if (error instanceof LanguageError) return error.code;
    throw error;
  }
}

import type { Json } from '@millrace/kernel';
import type { Span } from '../problems/language-error';

/** A key between brackets: text and references, joined to one key. */
export type KeyParts = readonly (string | Reference)[];

/** A piece of a path: text with dots and brackets, a reference spliced in as path text, or one bracketed key. */
export type PathPiece = string | Reference | { readonly key: KeyParts };

/** `{{path}}`, or a path without the braces. */
export interface Reference extends Span {
  readonly kind: 'reference';
  readonly pieces: readonly PathPiece[];
  /** The keys, when nothing in the path depends on values. */
  readonly keys?: readonly string[];
  /** Whether the path ends in `[]`; only where it is written to. */
  readonly append: boolean;
}

export type BinaryOperator = '==' | '!=' | '===' | '!==' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

export interface RegexParts extends Span {
  readonly kind: 'regex';
  readonly parts: KeyParts;
}

/** An expression, as read. */
export type Expression = Span &
  (
    | { readonly kind: 'literal'; readonly value: Json | undefined }
    | { readonly kind: 'word'; readonly word: string }
    | Reference
    | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly nameEnd: number }
    | { readonly kind: 'field'; readonly of: Expression; readonly name: string }
    | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression }
    | { readonly kind: 'not'; readonly of: Expression }
    | { readonly kind: 'minus'; readonly of: Expression }
    | { readonly kind: 'and'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'or'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'coalesce'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'binary'; readonly op: BinaryOperator; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'exists'; readonly of: Expression; readonly negated: boolean }
    | { readonly kind: 'in'; readonly left: Expression; readonly right: Expression; readonly negated: boolean }
    | { readonly kind: 'matches'; readonly left: Expression; readonly right: Expression | RegexParts; readonly negated: boolean }
    | { readonly kind: 'choose'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'map'; readonly entries: readonly (readonly [key: string, value: Expression])[] }
  );

/** A part of a template. A broken part keeps what was wrong with it. */
export type TemplatePart =
  | string
  | Reference
  | { readonly kind: 'expression'; readonly expression: Expression; readonly at: number; readonly end: number }
  | {
      readonly kind: 'broken';
      readonly code: string;
      readonly message: string;
      readonly span: Span;
      readonly at: number;
      readonly end: number;
    };

import { LanguageError } from '../problems/language-error';
import type { Dialect } from './env';

/** A lexical piece of an expression. References and groups are left to the parser: their openings come as symbols. */
export interface Token {
  readonly kind: 'number' | 'string' | 'word' | 'keyword' | 'symbol' | 'end';
  /** The value of a string, a keyword in lower case, else the text as written. */
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

const KEYWORDS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'exists',
  'matches',
  'equals',
  'true',
  'false',
  'null',
  'undefined',
  'regex',
]);
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SYMBOL = /\{\{|\{%|%\}|===|!==|==|!=|<=|>=|&&|\|\||\?\?|[=<>+\-*/%!?:,.()[\]{}]/y;
const BLANK = /\s*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"', "'": "'" };

/** The token that begins at or after `from`; of kind `end` at the end of the source. */
export function scan(source: string, from: number, dialect: Dialect): Token {
  const at = from + lengthOf(BLANK, source, from);
  if (at >= source.length) return { kind: 'end', text: '', at, end: at };
  const character = source.charAt(at);
  if (character === '"' || character === "'") return scanString(source, at, dialect);
  const word = lengthOf(WORD, source, at);
  if (word > 0) return scanWord(source, at, at + word);
  const number = lengthOf(NUMBER, source, at);
  if (number > 0) return { kind: 'number', text: source.slice(at, at + number), at, end: at + number };
  const symbol = lengthOf(SYMBOL, source, at);
  if (symbol > 0) return { kind: 'symbol', text: source.slice(at, at + symbol), at, end: at + symbol };
  throw syntaxError(`${JSON.stringify(character)} means nothing in an expression`, at, at + 1);
}

/** The refusal of an expression that cannot be read. */
export function syntaxError(message: string, at: number, end: number): LanguageError {
  return new LanguageError('language.expression_syntax', `The expression cannot be read: ${message}.`, { at, end });
}

/** The text of a quoted string without its quotes, escapes replaced. */
export function unescapeText(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (whole, code: string | undefined, character: string | undefined) =>
    code === undefined ? (ESCAPES[character ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function scanWord(source: string, at: number, end: number): Token {
  const text = source.slice(at, end);
  const keyword = text.toLowerCase();
  return KEYWORDS.has(keyword) ? { kind: 'keyword', text: keyword, at, end } : { kind: 'word', text, at, end };
}

function scanString(source: string, at: number, dialect: Dialect): Token {
  const quote = source.charAt(at);
  for (let end = at + 1; end < source.length; end++) {
    const character = source.charAt(end);
    if (character === quote) {
      const raw = source.slice(at + 1, end);
      return { kind: 'string', text: dialect.prisme ? raw : unescapeText(raw), at, end: end + 1 };
    }
    if (character === '\\' && !dialect.prisme) end += 1;
  }
  throw syntaxError('this quote is not closed', at, source.length);
}

function lengthOf(form: RegExp, source: string, at: number): number {
  form.lastIndex = at;
  return form.exec(source)?.[0].length ?? 0;
}

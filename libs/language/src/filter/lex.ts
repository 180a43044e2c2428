import { DomainError } from '@millrace/kernel';

/** A piece of a filter's text, with its place. */
export interface Token {
  readonly kind: 'word' | 'string' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

const SYMBOLS = /(?:!=|<=|>=|[=<>()[\],])/y;
const WORD = /[^\s=<>!()[\],"']+/y;

/** Cuts a filter's text into words, quoted texts and symbols; the last token is `end`. */
export function lexFilter(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const character = source.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const token = character === '"' || character === "'" ? quoted(source, at) : unquoted(source, at);
    tokens.push(token.token);
    at = token.end;
  }
  return [...tokens, { kind: 'end', text: 'the end', at: source.length }];
}

function unquoted(source: string, at: number): { token: Token; end: number } {
  for (const [kind, form] of [
    ['symbol', SYMBOLS],
    ['word', WORD],
  ] as const) {
    form.lastIndex = at;
    const text = form.exec(source)?.[0];
    if (text !== undefined) return { token: { kind, text, at }, end: at + text.length };
  }
  throw filterInvalid(source, at, `unexpected ${JSON.stringify(source.charAt(at))}`);
}

function quoted(source: string, from: number): { token: Token; end: number } {
  const quote = source.charAt(from);
  let text = '';
  for (let at = from + 1; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === quote) return { token: { kind: 'string', text, at: from }, end: at + 1 };
    const next = source.charAt(at + 1);
    if (character === '\\' && (next === quote || next === '\\')) {
      text += next;
      at += 1;
    } else text += character;
  }
  throw filterInvalid(source, from, 'this quote is not closed');
}

/** The refusal of a filter that cannot be read: says where and what. */
export function filterInvalid(source: string, at: number, what: string): DomainError {
  return new DomainError(
    'language.filter_invalid',
    'invalid',
    `The filter cannot be read at column ${at + 1}: ${what}. Filter: ${source}`,
    {
      facts: { column: at + 1 },
    },
  );
}

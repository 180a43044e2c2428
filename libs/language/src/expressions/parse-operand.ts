import { parseReference } from './reference';
import { syntaxError } from './scanner';
import type { Expression } from './ast';
import type { Tokens } from './tokens';

const CONSTANTS: Readonly<Record<string, boolean | null | undefined>> = { true: true, false: false, null: null, undefined: undefined };

/** An operand with the fields and keys taken of it: those only after a call, a group, a list or a map. */
export function parsePostfix(tokens: Tokens): Expression {
  const { next } = tokens;
  let of = parseOperand(tokens);
  const open = next.kind === 'symbol' ? next.text !== '{{' : of.kind === 'call';
  while (open) {
    if (tokens.take('.')) {
      const { kind, at, end } = tokens.next;
      if (kind !== 'word' && kind !== 'keyword') throw tokens.unexpected();
      of = { kind: 'field', of, name: tokens.source.slice(at, end), at: of.at, end };
      tokens.advance();
    } else if (tokens.take('[')) {
      const key = tokens.whole(tokens);
      of = { kind: 'index', of, key, at: of.at, end: tokens.expect(']') };
    } else break;
  }
  return of;
}

function parseOperand(tokens: Tokens): Expression {
  const { kind, text, at, end } = tokens.next;
  switch (kind) {
    case 'number':
      tokens.advance();
      return { kind: 'literal', value: finite(Number(text), at, end), at, end };
    case 'string':
      tokens.advance();
      return { kind: 'literal', value: text, at, end };
    case 'keyword':
      tokens.advance();
      return { kind: 'literal', value: CONSTANTS[text], at, end };
    case 'word':
      return parseWord(tokens);
    default:
      return parseEnclosed(tokens);
  }
}

function finite(value: number, at: number, end: number): number {
  if (!Number.isFinite(value)) throw syntaxError('this number is out of range', at, end);
  return value;
}

function parseWord(tokens: Tokens): Expression {
  const { text, at, end } = tokens.next;
  const called = tokens.source.charAt(end) === '(';
  tokens.advance();
  if (!called) return { kind: 'word', word: text, at, end };
  tokens.expect('(');
  const args = tokens.is(')') ? [] : separated(tokens);
  return { kind: 'call', name: text, args, nameEnd: end, at, end: tokens.expect(')') };
}

function parseEnclosed(tokens: Tokens): Expression {
  const { text, at } = tokens.next;
  if (text === '{{') {
    const reference = parseReference(tokens.source, at);
    tokens.jump(reference.end);
    return reference;
  }
  tokens.advance();
  switch (text) {
    case '(':
      return { ...tokens.whole(tokens), at, end: tokens.expect(')') };
    case '{%':
      return { ...tokens.whole(tokens), at, end: tokens.expect('%}') };
    case '[': {
      const items = tokens.is(']') ? [] : separated(tokens);
      return { kind: 'list', items, at, end: tokens.expect(']') };
    }
    default:
      return parseMap(tokens, at);
  }
}

function separated(tokens: Tokens): readonly Expression[] {
  const items = [tokens.whole(tokens)];
  while (tokens.take(',')) items.push(tokens.whole(tokens));
  return items;
}

function parseMap(tokens: Tokens, at: number): Expression {
  const entries: (readonly [string, Expression])[] = [];
  while (!tokens.is('}')) {
    if (entries.length > 0) tokens.expect(',');
    const { kind, text, at: keyAt, end } = tokens.next;
    if (kind !== 'word' && kind !== 'string' && kind !== 'keyword') throw tokens.unexpected();
    tokens.advance();
    tokens.expect(':');
    entries.push([kind === 'keyword' ? tokens.source.slice(keyAt, end) : text, tokens.whole(tokens)]);
  }
  return { kind: 'map', entries, at, end: tokens.expect('}') };
}

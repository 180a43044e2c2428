import { LanguageError } from '../problems/language-error';
import { startsOperand, Tokens } from './tokens';
import { parsePostfix } from './parse-operand';
import { parseRegex } from './parse-regex';
import { syntaxError } from './scanner';
import type { BinaryOperator, Expression } from './ast';
import type { Dialect } from './env';

const LONGEST = 4096;

const EQUALITIES: Readonly<Record<string, BinaryOperator>> = {
  '==': '==',
  '=': '==',
  equals: '==',
  '!=': '!=',
  '===': '===',
  '!==': '!==',
};

/** Reads a whole text as an expression. Throws LanguageError with the place of what is wrong. */
export function parseExpression(source: string, dialect: Dialect): Expression {
  const { expression, tokens } = parseFrom(source, 0, dialect);
  if (tokens.next.kind !== 'end') throw tokens.unexpected();
  return expression;
}

/** Reads the expression that begins at `at` and ends before the `%}` at `end`. */
export function parseGroup(source: string, at: number, dialect: Dialect): { readonly expression: Expression; readonly end: number } {
  const { expression, tokens } = parseFrom(source, at, dialect);
  if (!tokens.is('%}')) throw tokens.unexpected();
  return { expression, end: tokens.next.end };
}

function parseFrom(source: string, at: number, dialect: Dialect): { expression: Expression; tokens: Tokens } {
  const tokens = new Tokens(source, at, dialect, parseChoice);
  const expression = parseChoice(tokens);
  if (tokens.next.at - at > LONGEST) {
    throw new LanguageError(
      'language.expression_limit',
      `The expression is longer than ${LONGEST} characters; set parts of it as variables first.`,
      { at, end: tokens.next.at },
    );
  }
  return { expression, tokens };
}

function parseChoice(tokens: Tokens): Expression {
  return tokens.nested(() => {
    const test = parseLogical(tokens);
    if (!tokens.take('?')) return test;
    const yes = parseChoice(tokens);
    tokens.expect(':');
    const no = parseChoice(tokens);
    return { kind: 'choose', test, yes, no, at: test.at, end: no.end };
  });
}

function parseLogical(tokens: Tokens): Expression {
  return tokens.dialect.prisme
    ? parseFlat(tokens)
    : parseJoined(tokens, 'or', '||', () => parseJoined(tokens, 'and', '&&', () => parseNot(tokens)));
}

function parseJoined(tokens: Tokens, kind: 'and' | 'or', symbol: string, part: () => Expression): Expression {
  let left = part();
  while (tokens.take(kind) || tokens.take(symbol)) {
    const right = part();
    left = { kind, left, right, at: left.at, end: right.end };
  }
  return left;
}

/** Prisme.ai's way: `and` and `or` on one level, grouped from the right. */
function parseFlat(tokens: Tokens): Expression {
  const left = parseNot(tokens);
  const kind = tokens.take('and') || tokens.take('&&') ? 'and' : tokens.take('or') || tokens.take('||') ? 'or' : undefined;
  if (kind === undefined) return left;
  const right = tokens.nested(() => parseFlat(tokens));
  return { kind, left, right, at: left.at, end: right.end };
}

function parseNot(tokens: Tokens): Expression {
  const { at } = tokens.next;
  if (!tokens.take('not')) return parseCompare(tokens);
  return tokens.nested(() => {
    const of = parseNot(tokens);
    return { kind: 'not', of, at, end: of.end };
  });
}

function parseCompare(tokens: Tokens): Expression {
  const left = parseOrder(tokens);
  const compared = parseTest(tokens, left);
  if (compared !== left && isTest(tokens)) {
    throw syntaxError('comparisons cannot be chained; put one of them between parentheses', tokens.next.at, tokens.next.end);
  }
  return compared;
}

function parseTest(tokens: Tokens, left: Expression): Expression {
  const op = EQUALITIES[tokens.next.text];
  if (op !== undefined && (tokens.next.kind === 'symbol' || tokens.next.kind === 'keyword')) {
    tokens.advance();
    return binary(op, left, parseOrder(tokens));
  }
  const negated = tokens.take('not');
  if (negated && tokens.take('equals')) return binary('!=', left, parseOrder(tokens));
  const { end } = tokens.next;
  if (tokens.take('exists')) return { kind: 'exists', of: left, negated, at: left.at, end };
  if (tokens.take('in')) {
    const right = parseOrder(tokens);
    return { kind: 'in', left, right, negated, at: left.at, end: right.end };
  }
  if (tokens.take('matches')) {
    const right = tokens.is('regex') ? parseRegex(tokens) : parseOrder(tokens);
    return { kind: 'matches', left, right, negated, at: left.at, end: right.end };
  }
  if (negated) throw tokens.unexpected();
  return left;
}

function isTest(tokens: Tokens): boolean {
  return (
    (tokens.next.kind !== 'string' && Object.hasOwn(EQUALITIES, tokens.next.text)) ||
    ['exists', 'in', 'matches', 'not', '<', '<=', '>', '>='].some((word) => tokens.is(word))
  );
}

function parseOrder(tokens: Tokens): Expression {
  const left = parseCoalesce(tokens);
  for (const op of ['<', '<=', '>', '>='] as const) {
    if (!tokens.take(op)) continue;
    const order = binary(op, left, parseCoalesce(tokens));
    if (['<', '<=', '>', '>='].some((other) => tokens.is(other))) {
      throw syntaxError('comparisons cannot be chained; put one of them between parentheses', tokens.next.at, tokens.next.end);
    }
    return order;
  }
  return left;
}

function parseCoalesce(tokens: Tokens): Expression {
  const left = parseSum(tokens);
  if (!tokens.take('??')) return left;
  const right = tokens.nested(() => parseCoalesce(tokens));
  return { kind: 'coalesce', left, right, at: left.at, end: right.end };
}

function parseSum(tokens: Tokens): Expression {
  return parseLeft(tokens, ['+', '-'], () => parseLeft(tokens, ['*', '/', '%'], () => parseUnary(tokens)));
}

function parseLeft(tokens: Tokens, ops: readonly BinaryOperator[], part: () => Expression): Expression {
  let left = part();
  for (;;) {
    const op = ops.find((candidate) => tokens.take(candidate));
    if (op === undefined) return left;
    left = binary(op, left, part());
  }
}

function parseUnary(tokens: Tokens): Expression {
  const { at } = tokens.next;
  const kind = tokens.take('!') ? 'not' : tokens.take('-') ? 'minus' : undefined;
  if (kind === undefined) {
    if (!startsOperand(tokens.next)) throw tokens.unexpected();
    return parsePostfix(tokens);
  }
  return tokens.nested(() => {
    const of = parseUnary(tokens);
    return { kind, of, at, end: of.end };
  });
}

function binary(op: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', op, left, right, at: left.at, end: right.end };
}

import { LanguageError } from '../problems/language-error';
import { scan, syntaxError } from './scanner';
import type { Expression } from './ast';
import type { Dialect } from './env';
import type { Token } from './scanner';

const DEEPEST = 64;
const OPENINGS: ReadonlySet<string> = new Set(['(', '[', '{', '{{', '{%']);
const CONSTANTS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'undefined']);

/** Whether an operand may begin with a token. */
export function startsOperand(token: Token): boolean {
  if (token.kind === 'symbol') return OPENINGS.has(token.text);
  return token.kind === 'keyword' ? CONSTANTS.has(token.text) : token.kind !== 'end';
}

/** The tokens of an expression, one at a time. Depth is counted here, so that no source can exhaust the stack. */
export class Tokens {
  next: Token;
  private depth = 0;

  constructor(
    readonly source: string,
    at: number,
    readonly dialect: Dialect,
    /** Reads a whole expression: what stands between parentheses, brackets, commas. */
    readonly whole: (tokens: Tokens) => Expression,
  ) {
    this.next = scan(source, at, dialect);
  }

  /** Goes on to the token after the present one. */
  advance(): void {
    this.jump(this.next.end);
  }

  /** Goes on to the first token at or after a place. */
  jump(at: number): void {
    this.next = scan(this.source, at, this.dialect);
  }

  /** Whether the present token is this symbol or keyword. */
  is(text: string): boolean {
    return (this.next.kind === 'symbol' || this.next.kind === 'keyword') && this.next.text === text;
  }

  /** Steps over this symbol or keyword if it is the present token. */
  take(text: string): boolean {
    const found = this.is(text);
    if (found) this.advance();
    return found;
  }

  /** Steps over this symbol, or refuses. The place after it is returned. */
  expect(text: string): number {
    const { end } = this.next;
    if (!this.take(text))
      throw syntaxError(`expected \`${text}\`, found ${this.found()}`, this.next.at, Math.max(this.next.end, this.next.at + 1));
    return end;
  }

  /** Reads one level deeper. */
  nested(part: () => Expression): Expression {
    this.depth += 1;
    if (this.depth > DEEPEST) {
      throw new LanguageError('language.expression_limit', `The expression is nested more than ${DEEPEST} deep.`, {
        at: this.next.at,
        end: this.next.end,
      });
    }
    const expression = part();
    this.depth -= 1;
    return expression;
  }

  unexpected(): LanguageError {
    return syntaxError(`${this.found()} is not expected here`, this.next.at, Math.max(this.next.end, this.next.at + 1));
  }

  private found(): string {
    return this.next.kind === 'end' ? 'the end' : `\`${this.source.slice(this.next.at, this.next.end)}\``;
  }
}

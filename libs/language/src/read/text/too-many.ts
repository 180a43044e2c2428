import { Lexer } from 'yaml';

/** What the lexer says before each plain text and each block of text. */
const SCALAR = '\u001f';
/** Say something of the text without being part of it. */
const MARKS: ReadonlySet<string> = new Set([SCALAR, '\u0002', '\u0018']);
/** What each value that is not written plainly begins with: quotes, lists, maps and aliases. */
const OPENINGS = `"'[{*`;
/** Where a value follows, if only nothing. */
const SIGNS: ReadonlySet<string> = new Set(['-', '?', ':']);
/** What ends a value that may be nothing. */
const CLOSINGS: ReadonlySet<string> = new Set([',', ']', '}']);
/** Signs, words and ends of lines for each value: twice what any layout takes. */
const TOKENS = 6;

/** Where a text is more than may be read, and whether of values, or of all that stands between them. */
export interface Crowd {
  readonly at: number;
  readonly of: 'values' | 'tokens';
}

/**
 * Where a text has more than `most` values, or six times as many words, signs and ends of lines: the place of the first one too many,
 * found without building any of them. Undefined for any other text; of values that nobody wrote down it may miss some, of others none.
 */
export function tooManyAt(text: string, most: number): Crowd | undefined {
  if (text.length < most) return undefined;
  const count = new Count();
  let tokens = 0;
  let at = 0;
  for (const token of new Lexer().lex(text)) {
    count.take(token);
    if (count.values > most) return { at, of: 'values' };
    if (MARKS.has(token)) continue;
    if (token.trim() !== '' || token.includes('\n')) tokens += 1;
    if (tokens > most * TOKENS) return { at, of: 'tokens' };
    at += token.length;
  }
  return undefined;
}

/** Never counts a value that is not there: what two signs hold between them is one value, written down or not. */
class Count {
  values = 0;
  private isText = false;
  /** The sign whose value did not come yet. */
  private awaited = '';
  /** The sign whose value came last, unless it turns out to be the next key. */
  private answered = '';

  take(token: string): void {
    if (token === SCALAR) this.value();
    else if (!this.isText) this.sign(token);
    this.isText = token === SCALAR;
  }

  private sign(token: string): void {
    if (OPENINGS.includes(token.charAt(0))) this.value();
    else if (SIGNS.has(token)) {
      if (this.awaited !== '' || (token === ':' && this.answered !== '' && this.answered !== '?')) this.values += 1;
      this.awaited = token;
      this.answered = '';
    } else if (CLOSINGS.has(token)) {
      if (this.awaited !== '') this.values += 1;
      this.awaited = '';
      this.answered = '';
    }
  }

  private value(): void {
    this.values += 1;
    this.answered = this.awaited;
    this.awaited = '';
  }
}

import { Lexer } from 'yaml';

/** What the lexer says before each value that is not itself a list or a map. */
const SCALAR = '\u001f';
/** Says something of the text without being part of it. */
const MARKS: ReadonlySet<string> = new Set([SCALAR, '\u0002', '\u0018']);
/** No value can be written in fewer characters, with what parts it from the next. */
const SHORTEST = 2;

/**
 * Where a text has more values than `most`, found without building any of them: the place of the first one too many. Undefined for any
 * other text; of values that are not written out it may miss some.
 */
export function tooManyAt(text: string, most: number): number | undefined {
  if (text.length < most * SHORTEST) return undefined;
  let values = 0;
  let at = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === SCALAR && ++values > most) return at;
    if (!MARKS.has(token)) at += token.length;
  }
  return undefined;
}

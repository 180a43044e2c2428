import { parseReference } from './reference';
import { syntaxError } from './scanner';
import type { Reference, RegexParts } from './ast';
import type { Tokens } from './tokens';

/** Reads `regex(…)`: raw text with balanced parentheses; escapes and character classes do not count, references may stand in it. */
export function parseRegex(tokens: Tokens): RegexParts {
  const { at, end: nameEnd } = tokens.next;
  const { source } = tokens;
  if (source.charAt(nameEnd) !== '(') throw syntaxError('expected `(` right after `regex`', nameEnd, nameEnd + 1);
  const parts: (string | Reference)[] = [];
  let text = '';
  let open = 1;
  let next = nameEnd + 1;
  for (; next < source.length && open > 0;) {
    if (source.startsWith('{{', next)) {
      const reference = parseReference(source, next);
      parts.push(text, reference);
      text = '';
      next = reference.end;
      continue;
    }
    const length = stretch(source, next);
    const piece = source.slice(next, next + length);
    if (piece === '(') open += 1;
    if (piece === ')') open -= 1;
    if (open > 0) text += piece;
    next += length;
  }
  if (open > 0) throw syntaxError('`regex(` is not closed by `)`', at, source.length);
  tokens.jump(next);
  return { kind: 'regex', parts: [...parts, text].filter((part) => part !== ''), at, end: next };
}

/** The length of what belongs together: an escaped character, a character class, else one character. */
function stretch(source: string, at: number): number {
  const character = source.charAt(at);
  if (character === '\\') return 2;
  if (character !== '[') return 1;
  const found = /^\[\^?\]?(?:\\.|[^\]\\])*\]/s.exec(source.slice(at, at + 1024));
  return found === null || found[0].includes('{{') ? 1 : found[0].length;
}

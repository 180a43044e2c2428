const LONGEST = 64;
const MARKS = /\p{M}+/gu;
const BREAKS = /[^\p{L}\p{N}]+/u;
const NOT_PLAIN = /[^\t\n\r -~]/;

/**
 * The words of a text, as history knows them: compatibility-decomposed (NFKD), lower case, without accents, split at whatever is neither
 * letter nor digit; what is not ASCII is written in hex and the whole cut at 64 characters, so that every store leaves a word as it is.
 */
export function wordsOf(text: string): readonly string[] {
  if (!NOT_PLAIN.test(text)) return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).map(cut);
  const normal = text.normalize('NFKD').toLowerCase().normalize('NFKD').replace(MARKS, '');
  return normal
    .split(BREAKS)
    .filter((word) => word !== '')
    .map(asciiWord);
}

/** The words of a text as one text that a store which splits at all but ASCII letters and digits, and knows no case, splits into them. */
export function searchable(text: string): string {
  return NOT_PLAIN.test(text) || hasLongWord(text) ? wordsOf(text).join(' ') : text;
}

/** Looks at every 65th character only: a longer word cannot lie between two that end one. */
function hasLongWord(text: string): boolean {
  for (let at = LONGEST; at < text.length; at += LONGEST + 1) {
    if (isPlainLetter(text.charCodeAt(at)) && runAround(text, at) > LONGEST) return true;
  }
  return false;
}

function runAround(text: string, at: number): number {
  let start = at;
  let end = at + 1;
  while (start > 0 && isPlainLetter(text.charCodeAt(start - 1))) start -= 1;
  while (end < text.length && isPlainLetter(text.charCodeAt(end))) end += 1;
  return end - start;
}

function isPlainLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}

function cut(word: string): string {
  return word.length > LONGEST ? word.slice(0, LONGEST) : word;
}

function asciiWord(word: string): string {
  let ascii = '';
  for (const character of word) {
    const code = character.codePointAt(0) ?? 0;
    const written = code < 128 ? character : `x${code.toString(16).padStart(4, '0')}`;
    if (ascii.length + written.length > LONGEST) return ascii;
    ascii += written;
  }
  return ascii;
}

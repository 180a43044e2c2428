const LONGEST = 64;
const MARKS = /\p{M}+/gu;
const BREAKS = /[^\p{L}\p{N}]+/u;
const PLAIN = /^[\t\n\r -~]*$/;
const LONG_RUN = /[A-Za-z0-9]{65}/;

/**
 * The words of a text, as history knows them: compatibility-decomposed (NFKD), lower case, without accents, split at whatever is neither
 * letter nor digit; what is not ASCII is written in hex and the whole cut at 64 characters, so that every store leaves a word as it is.
 */
export function wordsOf(text: string): readonly string[] {
  const normal = text.normalize('NFKD').toLowerCase().normalize('NFKD').replace(MARKS, '');
  return normal
    .split(BREAKS)
    .filter((word) => word !== '')
    .map(asciiWord);
}

/** The words of a text as one text that a store which splits at all but ASCII letters and digits, and knows no case, splits into them. */
export function searchable(text: string): string {
  return PLAIN.test(text) && !LONG_RUN.test(text) ? text : wordsOf(text).join(' ');
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

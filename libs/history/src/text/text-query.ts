import { wordsOf } from './words';

/** Words that follow one another in one value of the payload; with `prefix`, the last one may go on. */
export interface Phrase {
  readonly words: readonly string[];
  readonly prefix: boolean;
}

/**
 * Reads what a person typed: words, `"a phrase"`, `pref*`. What holds several words, like `front-desk`, is a phrase. A quote that is not
 * closed ends with the text. What holds no word asks for nothing.
 */
export function readText(text: string): readonly Phrase[] {
  return Array.from(text.matchAll(/"([^"]*)"?|([^\s"]+)/g), ([whole, quoted]) =>
    quoted === undefined ? { words: wordsOf(whole), prefix: whole.endsWith('*') } : { words: wordsOf(quoted), prefix: false },
  ).filter(({ words }) => words.length > 0);
}

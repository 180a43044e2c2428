import type { Json } from '@millrace/kernel';
import { eachLeaf } from '../leaves';
import type { Phrase } from './text-query';
import { wordsOf } from './words';

/** The words of each text and number of a payload; no phrase reaches from one line into the next. Lines without a word are left out. */
export function linesOf(payload: Json): readonly (readonly string[])[] {
  const lines: (readonly string[])[] = [];
  eachLeaf(payload, 'payload', (_, leaf) => {
    const words = typeof leaf === 'boolean' ? [] : wordsOf(String(leaf));
    if (words.length > 0) lines.push(words);
  });
  return lines;
}

/** Whether a payload has all of the phrases, each within one of its lines. */
export function hasPhrases(payload: Json, phrases: readonly Phrase[]): boolean {
  const lines = linesOf(payload);
  return phrases.every((phrase) => lines.some((line) => hasPhrase(line, phrase)));
}

function hasPhrase(line: readonly string[], { words, prefix }: Phrase): boolean {
  const last = words.length - 1;
  return line.some((_, from) =>
    words.every((word, index) => {
      const found = line[from + index] ?? '';
      return prefix && index === last ? found.startsWith(word) : found === word;
    }),
  );
}

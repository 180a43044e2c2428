import { hasPhrases } from '../../text/lines';
import type { Json } from '@millrace/kernel';
import type { Phrase } from '../../text/text-query';
import { allOf, type Query } from './bounds';

// More than any person types; of what is longer the store is asked for the beginning.
const MOST_PHRASES = 64;
const MOST_WORDS = 64;

/** What the store looks for, and what it cannot: undefined when nothing is left to ask. */
export interface WordSearch {
  readonly query: Query;
  readonly holds: ((payload: Json) => boolean) | undefined;
}

/** The events whose payload has all of the phrases. The store knows no phrase whose last word goes on. */
export function wordSearch(phrases: readonly Phrase[]): WordSearch {
  const asked = phrases.slice(0, MOST_PHRASES);
  const isDecided = phrases.length === asked.length && phrases.every(({ words, prefix }) => words.length <= (prefix ? 1 : MOST_WORDS));
  return { query: allOf(asked.flatMap(queriesOf)), holds: isDecided ? undefined : (payload) => hasPhrases(payload, phrases) };
}

function queriesOf({ words, prefix }: Phrase): readonly Query[] {
  const whole = (prefix ? words.slice(0, -1) : words).slice(0, MOST_WORDS);
  const last = words.at(-1) ?? '';
  return [
    ...(whole.length === 0 ? [] : [{ match_phrase: { text: { query: whole.join(' ') } } }]),
    ...(prefix ? [{ prefix: { text: last } }] : []),
  ];
}

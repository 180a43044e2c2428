import { isMap, isScalar, isSeq, parseDocument, type Document, type Pair, type Range } from 'yaml';

export const READING = { version: '1.2', schema: 'core', merge: false, logLevel: 'silent' } as const;

/** Where a value stands in its text, quotes included. */
export interface Written {
  readonly start: number;
  readonly end: number;
}

type Wanted = (pair: Pair) => boolean;

/** Values of this key that are this text. */
export function keyed(key: string, value: string): Wanted {
  return (pair) => isScalar(pair.key) && pair.key.value === key && isScalar(pair.value) && pair.value.value === value;
}

/** Where values stand that are wanted: of the whole, and of each entry of its lists. A text that is no YAML has none. */
export function rangesOf(text: string, wanted: Wanted): readonly Written[] {
  const document = parseDocument(text, READING);
  return pairsOf(document)
    .filter(wanted)
    .flatMap(({ value }) => (isScalar(value) ? writtenAt(value.range) : []));
}

function pairsOf({ contents }: Document): readonly Pair[] {
  if (!isMap(contents)) return [];
  const inLists = contents.items.flatMap(({ value }) => (isSeq(value) ? value.items : []));
  return [...contents.items, ...inLists.flatMap((item) => (isMap(item) ? item.items : []))];
}

export function writtenAt(range: Range | null | undefined): readonly Written[] {
  return range == null ? [] : [{ start: range[0], end: range[1] }];
}

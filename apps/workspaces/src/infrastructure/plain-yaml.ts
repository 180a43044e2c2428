import type { Json } from '@millrace/kernel';
import type { Document } from 'yaml';

/** What a document of a workspace may have at most, as everywhere in its language. */
const MOST_ALIASES = 50;
const DEEPEST = 32;

/** What a YAML document says; undefined for one that cannot be read, or is beyond measure in depth or aliases. */
export function plainOf(document: Document): Json | undefined {
  if (document.errors.length > 0) return undefined;
  try {
    const value = document.toJS({ maxAliasCount: MOST_ALIASES }) as Json;
    return isWithin(value, DEEPEST) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The sentence for who wrote a document that is beyond measure. */
export const BEYOND_MEASURE = `It is nested more than ${DEEPEST} levels deep, or expands more than ${MOST_ALIASES} aliases.`;

function isWithin(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each: Json) => isWithin(each, levels - 1));
}

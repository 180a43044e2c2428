import type { IndexValue } from '../collection';

// What a column holds for "no value". It sorts before every number and text; NULL would fall out of every comparison.
const NOTHING = Number.NEGATIVE_INFINITY;
const NOTHING_IN_SQL = '-9e999';

/** What a column holds for an index value; `null` and undefined alike stand for no value. */
export function stored(value: IndexValue | null | undefined): string | number {
  if (value === undefined || value === null) return NOTHING;
  return typeof value === 'boolean' ? Number(value) : value;
}

/** A name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The table of a collection. */
export function tableOf(collection: string): string {
  return quoted(`c_${collection}`);
}

/** The column of an index. */
export function columnOf(index: string): string {
  return quoted(`x_${index}`);
}

/** The condition that a document has a value in an index. */
export function has(index: string): string {
  return `${columnOf(index)} > ${NOTHING_IN_SQL}`;
}

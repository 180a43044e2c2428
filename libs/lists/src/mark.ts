import type { Place } from './order';
import { cursorInvalid } from './refusals';
import type { RowValue } from './rows';

/** Where a page ended. */
export interface Mark {
  /** The last item; absent: none that was wanted. */
  readonly place?: Place;
  /** The cursor of the page that is read next; empty: that of the first. */
  readonly from: string;
}

/** A mark as a text. */
export function writeMark({ place, from }: Mark): string {
  return Buffer.from(JSON.stringify([from, ...(place === undefined ? [] : [place.value, place.key])])).toString('base64url');
}

/** Reads what `writeMark` wrote, nothing at first; anything else is refused with `lists.cursor_invalid`. */
export function readMark(cursor: string): Mark {
  if (cursor === '') return { from: '' };
  const [from, ...place] = partsOf(cursor);
  const [value, key] = place;
  if (typeof from !== 'string') throw cursorInvalid();
  if (place.length === 0) return { from };
  if (!isValue(value) || !isValue(key) || place.length > 2) throw cursorInvalid();
  return { from, place: { value, key } };
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

function isValue(value: unknown): value is RowValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

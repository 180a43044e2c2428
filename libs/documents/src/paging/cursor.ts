import { createHash } from 'node:crypto';
import type { PageQuery } from '../collection';
import { cursorInvalid } from '../refusals';

/** The last document of a page: where it stands in the index (`null`: it has no value there) and its id. */
export interface Place {
  readonly value: string | number | null;
  readonly id: string;
}

/** Writes where a page ended as an opaque text that only the same query understands. The size of the page may change on the way. */
export function writeCursor(collection: string, query: PageQuery, place: Place): string {
  return Buffer.from(JSON.stringify([fingerprint(collection, query), place.value, place.id])).toString('base64url');
}

/** Reads what `writeCursor` wrote for this query; anything else is refused with `documents.cursor_invalid`. */
export function readCursor(collection: string, query: PageQuery, cursor: string): Place {
  const [bound, value, id] = fields(cursor);
  const known = value === null || typeof value === 'string' || typeof value === 'number';
  if (bound !== fingerprint(collection, query) || !known || typeof id !== 'string') throw cursorInvalid(collection);
  return { value, id };
}

function fields(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

function fingerprint(collection: string, { where = {}, by, direction }: PageQuery): string {
  const conditions = Object.entries(where).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = JSON.stringify([collection, conditions, by ?? null, direction ?? 'ascending']);
  return createHash('sha256').update(parts).digest('base64url').slice(0, 16);
}

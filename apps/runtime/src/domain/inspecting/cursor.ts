import type { Json } from '@millrace/kernel';

const LIFE = 24 * 60 * 60 * 1000;

/** Writes where a page ended (`mark`: of ASCII), so that only the question with this fingerprint goes on from it, for 24 h. */
export function writeCursor(fingerprint: string, mark: Json, now: number): string {
  return btoa(JSON.stringify([fingerprint, now + LIFE, mark]))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** The mark of a cursor; undefined when it is none of this question, or too old. */
export function readCursor(fingerprint: string, cursor: string, now: number): Json | undefined {
  const [bound, until, mark] = fields(cursor);
  return bound === fingerprint && typeof until === 'number' && until > now ? mark : undefined;
}

function fields(cursor: string): readonly Json[] {
  try {
    const parsed = JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))) as Json;
    return Array.isArray(parsed) ? (parsed as readonly Json[]) : [];
  } catch {
    return [];
  }
}

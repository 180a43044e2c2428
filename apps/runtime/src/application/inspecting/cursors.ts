import type { HistoryMark } from '@millrace/history';
import { DomainError, type Json, type JsonMap, type Page } from '@millrace/kernel';
import { Foremost } from './foremost';

/** What a page of a list is asked for by. */
export interface PageRequest {
  readonly limit: number;
  /** Empty: the first page. */
  readonly cursor: string;
}

/** Where a page begins, as `writeCursor` wrote it; undefined for the first page. Refuses anything else with `runtime.cursor_invalid`. */
export function readCursor(cursor: string): Json | undefined {
  if (cursor === '') return undefined;
  try {
    return JSON.parse(cursor) as Json;
  } catch {
    throw cursorInvalid();
  }
}

/** The cursor that leads on behind `mark`. The gateway seals it for its caller and list. */
export function writeCursor(mark: Json): string {
  return JSON.stringify(mark);
}

/** A page of a list that is there as a whole, in the order of its items' keys. */
export function pageOf<T>(items: readonly T[], { limit, cursor, order, keyOf }: Paging<T>): Page<T> {
  const mark = readCursor(cursor);
  const sign = order === 'ascending' ? 1 : -1;
  const keyed = items.map((item) => ({ item, key: keyOf(item) })).sort((a, b) => sign * compare(a.key, b.key));
  const rest = keyed.filter(({ key }) => typeof mark !== 'string' || sign * compare(key, mark) > 0);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const more = last !== undefined && rest.length > limit;
  return { items: shown.map(({ item }) => item), ...(more ? { nextCursor: writeCursor(last.key) } : {}) };
}

/** As `pageOf`, of a list that comes by and by, however long it is: no more than two pages of it are in memory. What comes twice is shown once. */
export async function pageOfEach<T>(items: AsyncIterable<T>, { limit, cursor, order, keyOf }: Paging<T>): Promise<Page<T>> {
  const mark = readCursor(cursor);
  const sign = order === 'ascending' ? 1 : -1;
  const foremost = new Foremost<T>(limit + 1, order);
  for await (const item of items) {
    const key = keyOf(item);
    if (typeof mark !== 'string' || sign * compare(key, mark) > 0) foremost.take(key, item);
  }
  const found = foremost.all();
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const more = last !== undefined && found.length > limit;
  return { items: shown.map(([, item]) => item), ...(more ? { nextCursor: writeCursor(last[0]) } : {}) };
}

interface Paging<T> extends PageRequest {
  readonly order: 'ascending' | 'descending';
  /** The text an item is ordered by: no other item of the list has it. */
  readonly keyOf: (item: T) => string;
}

/** A place in history as the mark of a cursor. */
export function historyJson({ recordedAt, offset }: HistoryMark): JsonMap {
  return { at: recordedAt, offset: offset.toString() };
}

/** What `historyJson` wrote; undefined for anything else. */
export function historyMark(mark: Json | undefined): HistoryMark | undefined {
  const { at, offset } = (mark ?? {}) as JsonMap;
  return typeof at === 'number' && typeof offset === 'string' ? { recordedAt: at, offset: BigInt(offset) } : undefined;
}

/** A key by which things are ordered in time, then by name. `time`: milliseconds since 1970. */
export function timeKey(time: number, name: string): string {
  return `${String(time).padStart(16, '0')} ${name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function cursorInvalid(): DomainError {
  return new DomainError('runtime.cursor_invalid', 'invalid', 'This cursor continues no list. List again without it.', {
    errors: [{ pointer: '/cursor', code: 'cursor', detail: 'Not a cursor of a list.' }],
  });
}

import type { HistoryMark } from '@millrace/history';
import { DomainError, type Clock, type Ids, type Json, type JsonMap, type Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { readCursor, writeCursor } from '../../domain/inspecting/cursor';

/** What a page of a list is asked for by. */
export interface PageRequest {
  readonly limit: number;
  /** Empty: the first page. */
  readonly cursor: string;
}

/** Where the pages of a list begin: a cursor leads on only in the list it was made for, for the same caller, for 24 h. */
export class Cursors {
  constructor(
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** The mark a cursor stands for; undefined for the first page. `list`: all that the list was asked for by. Refuses with `runtime.cursor_invalid`. */
  open(context: CallContext, list: readonly Json[], cursor: string): Json | undefined {
    if (cursor === '') return undefined;
    const mark = readCursor(this.fingerprint(context, list), cursor, this.clock.now());
    if (mark === undefined) throw cursorInvalid();
    return mark;
  }

  /** The cursor that leads on behind `mark`. */
  make(context: CallContext, list: readonly Json[], mark: Json): string {
    return writeCursor(this.fingerprint(context, list), mark, this.clock.now());
  }

  /** A page of a list that is there as a whole, in the order of its items' keys. */
  page<T>(context: CallContext, list: readonly Json[], items: readonly T[], { limit, cursor, order, keyOf }: Paging<T>): Page<T> {
    const mark = this.open(context, list, cursor);
    const sign = order === 'ascending' ? 1 : -1;
    const keyed = items.map((item) => ({ item, key: keyOf(item) })).sort((a, b) => sign * compare(a.key, b.key));
    const rest = keyed.filter(({ key }) => typeof mark !== 'string' || sign * compare(key, mark) > 0);
    const shown = rest.slice(0, limit);
    const last = shown.at(-1);
    const more = last !== undefined && rest.length > limit;
    return { items: shown.map(({ item }) => item), ...(more ? { nextCursor: this.make(context, list, last.key) } : {}) };
  }

  private fingerprint({ principal: { kind, id } }: CallContext, list: readonly Json[]): string {
    return this.ids.derive('cur', kind, id, JSON.stringify(list));
  }
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
  const message = 'This cursor does not continue this list: it is older than 24 h, or of another filter or caller. List again without it.';
  return new DomainError('runtime.cursor_invalid', 'invalid', message, {
    errors: [{ pointer: '/cursor', code: 'cursor', detail: 'Not a cursor of this list.' }],
  });
}

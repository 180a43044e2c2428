import type { Page } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import type { Outbox } from './outbox';

/** A document and the revision it has: 1 when created, one more with each change. */
export interface Stored<T> {
  readonly document: T;
  readonly revision: number;
}

/** What a change makes of a document: the next state (`null` removes it) and the events that tell of it, written in the same write. */
export interface Changed<T> {
  readonly document: T | null;
  readonly events: readonly NewEvent[];
}

/** A value that an index can hold and a query can compare. One index holds values of one kind; texts are ordered by code point. */
export type IndexValue = string | number | boolean;

/**
 * Declares an index: `of` takes the value from a document (undefined: it has none). Only declared indexes can be queried. When `of`
 * changes its meaning the index needs a new name, else old documents keep their old values.
 */
export interface Index<T> {
  readonly name: string;
  readonly of: (document: T) => IndexValue | undefined;
  readonly unique?: boolean;
}

export interface CollectionSpec<T> {
  /** Unique per service. */
  readonly name: string;
  readonly id: (document: T) => string;
  readonly indexes: readonly Index<T>[];
}

/** `where`: equal on each named index. Order is by the index `by`, documents without a value first, then by id. */
export interface PageQuery {
  readonly where?: Readonly<Record<string, IndexValue>>;
  /** Index to order by; by id when absent. */
  readonly by?: string;
  /** Of both the index and the id. */
  readonly direction?: 'ascending' | 'descending';
  /** 1 to 200, else `documents.limit_invalid`. */
  readonly limit: number;
  /** `nextCursor` of the page before; opaque. A cursor of another query is refused with `documents.cursor_invalid`. */
  readonly cursor?: string;
}

/** As many documents as a page may have. */
const LARGEST_PAGE = 200;

/**
 * Versioned documents of one kind, plain JSON, each with an outbox: the events of a change are written in the same write and reach the EventLog
 * later, in order, even if the process dies in between. A write that resolved is durable. No write spans two documents.
 */
export abstract class Collection<T> {
  abstract find(id: string): Promise<Stored<T> | undefined>;
  /** As `find`, but throws `documents.not_found`. */
  abstract get(id: string): Promise<Stored<T>>;
  /** The one document with this value of a unique index. */
  abstract findBy(index: string, value: IndexValue): Promise<Stored<T> | undefined>;
  /** Creates; `documents.taken` if the id or a unique index value exists. */
  abstract insert(document: T, events?: readonly NewEvent[]): Promise<Stored<T>>;
  /**
   * Loads, changes, saves if nobody saved first; else starts over with the newer state, so `change` must be pure. With `expected`, a
   * document of another revision is refused with `documents.revision_mismatch`. Answers undefined when the change removed it. A change
   * that leaves the document as it was and tells of nothing writes nothing and keeps the revision.
   */
  abstract update(id: string, change: (document: T, revision: number) => Changed<T>, expected?: number): Promise<Stored<T> | undefined>;
  abstract page(query: PageQuery): Promise<Page<Stored<T>>>;
  /** How many documents have these values, each in the index of its name; all of them when none is named. */
  abstract count(where: NonNullable<PageQuery['where']>): Promise<number>;

  /** All documents of a query at once: of what is bounded. */
  async all(query: Omit<PageQuery, 'limit' | 'cursor'> = {}): Promise<readonly Stored<T>[]> {
    let page = await this.page({ ...query, limit: LARGEST_PAGE });
    const found = [...page.items];
    while (page.nextCursor !== undefined) {
      page = await this.page({ ...query, limit: LARGEST_PAGE, cursor: page.nextCursor });
      found.push(...page.items);
    }
    return found;
  }

  /** All documents of a query, read page by page: one that changes meanwhile is met as it was when its page was read, or not at all. */
  async *each(query: Omit<PageQuery, 'limit' | 'cursor'> = {}): AsyncGenerator<Stored<T>, void, undefined> {
    for (let page = await this.page({ ...query, limit: LARGEST_PAGE }); ;) {
      yield* page.items;
      if (page.nextCursor === undefined) return;
      page = await this.page({ ...query, limit: LARGEST_PAGE, cursor: page.nextCursor });
    }
  }
}

/** The documents of one service. */
export abstract class Documents {
  /** The events of all collections that are still to be told. */
  abstract readonly outbox: Outbox;
  /**
   * Opens a collection; the same spec again is the same collection. An index that is new is built from the documents there; a unique one
   * that they do not allow is refused with `documents.taken`.
   */
  abstract collection<T>(spec: CollectionSpec<T>): Promise<Collection<T>>;
  /** Finishes the writes in hand and lets go of the store. Later calls are refused with `documents.closed`. */
  abstract close(): Promise<void>;
}

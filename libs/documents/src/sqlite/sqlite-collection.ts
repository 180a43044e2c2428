import type { Page } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import { Collection, type Changed, type CollectionSpec, type IndexValue, type PageQuery, type Stored } from '../collection';
import { writeCursor } from '../paging/cursor';
import { documentMissing, documentTaken, limitInvalid, revisionMismatch } from '../refusals';
import type { Pages } from './pages';
import type { SqliteOutbox } from './sqlite-outbox';
import type { Store } from './store';
import type { Row, Table } from './table';

/** What a collection stands on. */
export interface CollectionParts<T> {
  readonly store: Store;
  readonly outbox: SqliteOutbox;
  readonly table: Table<T>;
  readonly pages: Pages<T>;
}

/**
 * A collection in SQLite. One process owns the file and a change runs inside the write transaction, so nobody can save first and a
 * change never has to start over.
 */
export class SqliteCollection<T> extends Collection<T> {
  constructor(
    private readonly spec: CollectionSpec<T>,
    private readonly parts: CollectionParts<T>,
  ) {
    super();
  }

  find(id: string): Promise<Stored<T> | undefined> {
    return this.read(({ table }) => table.find(id));
  }

  get(id: string): Promise<Stored<T>> {
    return this.parts.store.read(() => parse<T>(this.present(id)));
  }

  findBy(index: string, value: IndexValue): Promise<Stored<T> | undefined> {
    return this.read(({ table }) => table.findBy(index, value));
  }

  insert(document: T, events: readonly NewEvent[] = []): Promise<Stored<T>> {
    const { store, table, outbox } = this.parts;
    return store.write(() => {
      const id = this.spec.id(document);
      if (table.find(id) !== undefined) throw documentTaken(this.spec.name, 'id', id);
      table.refuseTaken(document);
      table.insert(document, 1);
      outbox.add(events);
      return { document, revision: 1 };
    });
  }

  update(id: string, change: (document: T, revision: number) => Changed<T>, expected?: number): Promise<Stored<T> | undefined> {
    return this.parts.store.write(() => {
      const row = this.present(id);
      if (expected !== undefined && expected !== row.revision) throw revisionMismatch(this.spec.name, id, row.revision);
      const { document, events } = change(parse<T>(row).document, row.revision);
      this.parts.outbox.add(events);
      if (document === null) {
        this.parts.table.remove(id);
        return undefined;
      }
      return this.save(row, document, events.length > 0);
    });
  }

  async page(query: PageQuery): Promise<Page<Stored<T>>> {
    const { limit } = query;
    if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw limitInvalid(this.spec.name, limit);
    const rows = await this.parts.store.read(() => this.parts.pages.read(query));
    const items = rows.slice(0, limit).map((row) => parse<T>(row));
    const last = items.at(-1);
    if (rows.length <= limit || last === undefined) return { items };
    return { items, nextCursor: this.cursor(query, last.document) };
  }

  count(where: NonNullable<PageQuery['where']>): Promise<number> {
    return this.parts.store.read(() => this.parts.pages.count(where));
  }

  private save(row: Row, document: T, told: boolean): Stored<T> {
    const { table } = this.parts;
    if (this.spec.id(document) !== row.id) throw new Error(`A change of "${row.id}" in "${this.spec.name}" gave the document another id.`);
    if (!told && JSON.stringify(document) === row.body) return { document, revision: row.revision };
    table.refuseTaken(document);
    table.replace(document, row.revision + 1);
    return { document, revision: row.revision + 1 };
  }

  private cursor(query: PageQuery, last: T): string {
    const value = this.spec.indexes.find(({ name }) => name === query.by)?.of(last) ?? null;
    return writeCursor(this.spec.name, query, { value: typeof value === 'boolean' ? Number(value) : value, id: this.spec.id(last) });
  }

  private present(id: string): Row {
    const row = this.parts.table.find(id);
    if (row === undefined) throw documentMissing(this.spec.name, id);
    return row;
  }

  private read(lookUp: (parts: CollectionParts<T>) => Row | undefined): Promise<Stored<T> | undefined> {
    return this.parts.store.read(() => {
      const row = lookUp(this.parts);
      return row === undefined ? undefined : parse<T>(row);
    });
  }
}

function parse<T>({ body, revision }: Row): Stored<T> {
  return { document: JSON.parse(body) as T, revision };
}

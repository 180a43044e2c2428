import type { DatabaseSync } from 'node:sqlite';
import { Documents, type Collection, type CollectionSpec } from '../collection';
import { buildTable } from './build-table';
import { Store } from './store';
import { openDatabase } from './open-database';
import { Pages } from './pages';
import { SqliteCollection } from './sqlite-collection';
import { SqliteOutbox } from './sqlite-outbox';
import { Table } from './table';

interface Opened {
  readonly spec: object;
  readonly collection: unknown;
}

/** The documents of one service in one SQLite file, owned by one process. */
export class SqliteDocuments extends Documents {
  readonly outbox: SqliteOutbox;
  private readonly store: Store;
  private readonly opened = new Map<string, Opened>();

  private constructor(private readonly database: DatabaseSync) {
    super();
    this.store = new Store(database);
    this.outbox = new SqliteOutbox(database, this.store);
  }

  /** Opens the file at `path`, creating it and its folder when new. `documents.in_use` while another process has it. */
  static async open(path: string): Promise<SqliteDocuments> {
    return new SqliteDocuments(openDatabase(path));
  }

  collection<T>(spec: CollectionSpec<T>): Promise<Collection<T>> {
    return this.store.read(() => this.opening(spec));
  }

  async close(): Promise<void> {
    this.store.close();
  }

  private opening<T>(spec: CollectionSpec<T>): Collection<T> {
    const known = this.opened.get(spec.name);
    if (known !== undefined) {
      if (known.spec !== spec) throw new Error(`The collection "${spec.name}" is open already, with another spec.`);
      return known.collection as Collection<T>;
    }
    buildTable(this.database, spec);
    const { outbox, store } = this;
    const parts = { table: new Table(this.database, spec), pages: new Pages(this.database, spec), outbox, store };
    const collection = new SqliteCollection(spec, parts);
    this.opened.set(spec.name, { spec, collection });
    return collection;
  }
}

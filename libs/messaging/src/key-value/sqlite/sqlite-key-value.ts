import type { DatabaseSync } from 'node:sqlite';
import { DomainError } from '@millrace/kernel';
import type { Clock } from '@millrace/kernel';
import { FreePages } from '../../sqlite/free-pages';
import { GroupCommit } from '../../sqlite/group-commit';
import { openStore } from '../../sqlite/store-file';
import type { StoreFileOptions } from '../../sqlite/store-file';
import { warnOfFault } from '../../faults';
import type { FaultReport } from '../../faults';
import { KeyValue } from '../key-value';
import type { Bucket } from '../key-value';
import { EntryStore } from './entry-store';
import { EntryTable } from './entry-table';
import { SqliteBucket } from './sqlite-bucket';
import { Watchers } from './watchers';

export interface SqliteKeyValueOptions extends Partial<StoreFileOptions> {
  /** Path of the database file, or `:memory:`. Folders on the way are made. */
  readonly file: string;
  readonly clock: Clock;
  /** Hears of watchers that throw. */
  readonly onFault?: FaultReport;
}

/** KeyValue in one SQLite file, for one process: all its users share one instance. Refuses with `kv.in_use` when another has the file. */
export class SqliteKeyValue extends KeyValue {
  readonly #db: DatabaseSync;
  readonly #commit: GroupCommit;
  readonly #entries: EntryStore;
  readonly #freePages: FreePages;
  #closed = false;

  constructor(options: SqliteKeyValueOptions) {
    super();
    this.#db = openStore(options.file, { durability: 'safe', ...options }, inUse);
    this.#commit = new GroupCommit(this.#db, { refusal: unavailable, onRollback: () => undefined });
    this.#freePages = new FreePages(this.#db);
    const watchers = new Watchers(options.onFault ?? warnOfFault);
    const table = new EntryTable(this.#db, () => this.#freePages.expect());
    this.#entries = new EntryStore(table, this.#commit, options.clock, watchers);
  }

  async bucket(name: string, options?: { readonly ttl?: number }): Promise<Bucket> {
    return new SqliteBucket(name, options?.ttl, () => this.#open());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#commit.flush();
    this.#closed = true;
    this.#entries.stop();
    this.#freePages.close();
    this.#db.close();
  }

  #open(): EntryStore {
    if (this.#closed) throw new DomainError('kv.closed', 'unavailable', 'The key-value store is closed: this process is stopping.');
    return this.#entries;
  }
}

function inUse(file: string): DomainError {
  const message = `Another process uses the key-value store "${file}". Stop it, or give this one a folder of its own.`;
  return new DomainError('kv.in_use', 'unavailable', message, { facts: { file } });
}

function unavailable(error: unknown): DomainError {
  const reason = error instanceof Error ? error.message : String(error);
  return new DomainError('kv.unavailable', 'unavailable', `The key-value store could not be written: ${reason}. Nothing was changed.`, {
    facts: { reason },
  });
}

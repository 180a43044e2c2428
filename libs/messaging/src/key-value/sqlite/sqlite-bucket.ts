import { setImmediate } from 'node:timers/promises';
import { Bucket, assertEntry } from '../key-value';
import type { Change, Entry, ListOptions, PutOptions, Watch } from '../key-value';
import type { EntryStore } from './entry-store';

/** One bucket of a SqliteKeyValue. */
export class SqliteBucket extends Bucket {
  constructor(
    private readonly name: string,
    private readonly ttl: number | undefined,
    /** Refuses when the store is closed. */
    private readonly entries: () => EntryStore,
  ) {
    super();
  }

  async get(key: string): Promise<Entry | undefined> {
    return this.entries().find(this.name, key);
  }

  async put(key: string, value: Uint8Array, options?: PutOptions): Promise<number> {
    assertEntry(this.name, key, value);
    return this.entries().put(this.name, { key, value }, options?.ttl ?? this.ttl);
  }

  async putIf(key: string, value: Uint8Array, revision: number, options?: PutOptions): Promise<number> {
    assertEntry(this.name, key, value);
    return this.entries().put(this.name, { key, value }, options?.ttl ?? this.ttl, revision);
  }

  async delete(key: string, revision?: number): Promise<void> {
    await this.entries().delete(this.name, key, revision);
  }

  async list(prefix: string, options?: ListOptions): Promise<readonly Entry[]> {
    return this.entries().list(this.name, prefix, options?.limit);
  }

  override async *pages(prefix: string, size: number): AsyncGenerator<readonly Entry[]> {
    for (let after: string | undefined; ;) {
      const page = this.entries().page(this.name, prefix, size, after);
      if (page.length > 0) yield page;
      if (page.length < size) return;
      after = page.at(-1)?.key;
      await setImmediate();
    }
  }

  async watch(prefix: string, onChange: (change: Change) => void, onReady?: () => void): Promise<Watch> {
    const entries = this.entries();
    return entries.watchers.add(this.name, prefix, entries.list(this.name, prefix), onChange, onReady);
  }
}

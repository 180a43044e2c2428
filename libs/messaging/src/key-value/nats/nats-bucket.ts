import { copyBytes } from '../../wire/message';
import { Bucket, assertEntry } from '../key-value';
import type { Change, Entry, ListOptions, PutOptions, Watch } from '../key-value';
import type { BucketStore } from './bucket-store';

/** One bucket of a NatsKeyValue, as one opened it: with a time to live of its own. */
export class NatsBucket extends Bucket {
  constructor(
    private readonly name: string,
    private readonly ttl: number | undefined,
    private readonly store: BucketStore,
  ) {
    super();
  }

  async get(key: string): Promise<Entry | undefined> {
    assertEntry(this.name, key);
    return this.store.find(key);
  }

  async put(key: string, value: Uint8Array, options?: PutOptions): Promise<number> {
    assertEntry(this.name, key, value);
    return this.store.put(key, { value: copyBytes(value), life: options?.ttl ?? this.ttl });
  }

  async putIf(key: string, value: Uint8Array, revision: number, options?: PutOptions): Promise<number> {
    assertEntry(this.name, key, value);
    return this.store.putIf(key, { value: copyBytes(value), life: options?.ttl ?? this.ttl }, revision);
  }

  async delete(key: string, revision?: number): Promise<void> {
    assertEntry(this.name, key);
    await this.store.delete(key, revision);
  }

  async list(prefix: string, { limit }: ListOptions = {}): Promise<readonly Entry[]> {
    return limit === undefined ? this.store.list(prefix) : this.store.some(prefix, limit);
  }

  override pages(prefix: string, size: number): AsyncGenerator<readonly Entry[]> {
    return this.store.pages(prefix, size);
  }

  async watch(prefix: string, onChange: (change: Change) => void, onReady?: () => void): Promise<Watch> {
    return this.store.watch(prefix, onChange, onReady);
  }
}

import { Clock } from '@millrace/kernel';
import { Bucket, type Entry, type PutOptions, type Watch } from '@millrace/messaging';

/** Stands still until it is set. */
export class SetClock extends Clock {
  time = 1_700_000_000_000;

  override now(): number {
    return this.time;
  }
}

/** A bucket whose writes can be told to fail, before or after they are done. */
export class RiggedBucket extends Bucket {
  beforePut: () => unknown = () => undefined;
  afterPut: () => unknown = () => undefined;
  puts = 0;
  gets = 0;

  constructor(private readonly inner: Bucket) {
    super();
  }

  override get(key: string): Promise<Entry | undefined> {
    this.gets++;
    return this.inner.get(key);
  }

  override put(key: string, value: Uint8Array, options?: PutOptions): Promise<number> {
    return this.inner.put(key, value, options);
  }

  override async putIf(key: string, value: Uint8Array, revision: number, options?: PutOptions): Promise<number> {
    await this.beforePut();
    this.puts++;
    const answer = await this.inner.putIf(key, value, revision, options);
    await this.afterPut();
    return answer;
  }

  override delete(key: string, revision?: number): Promise<void> {
    return this.inner.delete(key, revision);
  }

  override list(prefix: string): Promise<readonly Entry[]> {
    return this.inner.list(prefix);
  }

  override watch(prefix: string, onChange: Parameters<Bucket['watch']>[1]): Promise<Watch> {
    return this.inner.watch(prefix, onChange);
  }
}

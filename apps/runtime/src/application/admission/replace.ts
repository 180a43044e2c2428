import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What becomes of a record, and what that means to who asked. */
export interface Change<V, A> {
  /** The same value: nothing is written. Undefined: the record goes. */
  readonly keep: V | undefined;
  readonly answer: A;
  /** Milliseconds until what is kept vanishes; absent: never. */
  readonly ttl?: number;
}

export interface Replaced<A> {
  readonly answer: A;
  /** Of the record as it is now; of one that went, as it was. */
  readonly revision: number;
}

/** Changes a JSON record by compare-and-set, again whenever somebody was faster. Durable when it resolves. Rejects as the bucket does. */
export async function replace<V, A>(bucket: Bucket, key: string, change: (value: V | undefined) => Change<V, A>): Promise<Replaced<A>> {
  for (;;) {
    const entry = await bucket.get(key);
    const value = entry === undefined ? undefined : (JSON.parse(decoder.decode(entry.value)) as V);
    const { keep, answer, ttl } = change(value);
    const revision = entry?.revision ?? 0;
    if (keep === value) return { answer, revision };
    try {
      if (keep === undefined) await bucket.delete(key, revision);
      else
        return {
          answer,
          revision: await bucket.putIf(key, encoder.encode(JSON.stringify(keep)), revision, ttl === undefined ? {} : { ttl }),
        };
      return { answer, revision };
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'kv.revision_conflict') throw error;
    }
  }
}

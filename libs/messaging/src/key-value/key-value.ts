import { DomainError } from '@millrace/kernel';

const LARGEST_VALUE = 1024 * 1024;

export interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
  /** Grows with every write of the bucket. */
  readonly revision: number;
}

/** `value` is absent when the key was deleted or ran out of time. */
export interface Change {
  readonly key: string;
  readonly value?: Uint8Array;
  readonly revision: number;
}

export interface PutOptions {
  /** Milliseconds until the key vanishes, up to a second later; absent: the bucket's own, else for ever. */
  readonly ttl?: number;
}

export interface ListOptions {
  /** At most so many, whichever; absent: all. */
  readonly limit?: number;
}

export interface Watch {
  /** Resolves when every change that was made before the call has been told. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Somebody else wrote the key first. */
export function revisionConflict(bucket: string, key: string): DomainError {
  return new DomainError(
    'kv.revision_conflict',
    'conflict',
    `"${key}" in "${bucket}" changed meanwhile. Read it again and repeat the change.`,
    {
      facts: { bucket, key },
    },
  );
}

/** Refuses (`kv.key_invalid`, `kv.value_too_large`) what no bucket takes. */
export function assertEntry(bucket: string, key: string, value?: Uint8Array): void {
  if (!/^[A-Za-z0-9_=/.-]{1,255}$/.test(key)) {
    const message = `"${key}" cannot be a key of "${bucket}": 1 to 255 of the characters A-Z a-z 0-9 _ = / . - are allowed.`;
    throw new DomainError('kv.key_invalid', 'invalid', message, { facts: { bucket, key } });
  }
  if (value !== undefined && value.length > LARGEST_VALUE) {
    const message = `The value of "${key}" in "${bucket}" has ${value.length} bytes; at most ${LARGEST_VALUE} are allowed. Keep it as a blob.`;
    throw new DomainError('kv.value_too_large', 'invalid', message, { facts: { bucket, key, bytes: value.length } });
  }
}

/**
 * Small named state with compare-and-set. Keys: `[A-Za-z0-9_=/.-]{1,255}`. Values up to 1 MiB. A write that resolved is durable. Every
 * call may refuse with `kv.unavailable`, within seconds. A write that was refused so may have been made all the same, or be made a moment
 * later, unless the refusal says that nothing was changed: whoever tries again with `putIf` reads first, for the `kv.revision_conflict`
 * of a second try may come from its own first one.
 */
export abstract class Bucket {
  abstract get(key: string): Promise<Entry | undefined>;
  /** Writes whatever is there; answers the new revision. */
  abstract put(key: string, value: Uint8Array, options?: PutOptions): Promise<number>;
  /** Writes only if the key still has this revision (0: is absent); else `kv.revision_conflict`. */
  abstract putIf(key: string, value: Uint8Array, revision: number, options?: PutOptions): Promise<number>;
  /** Deletes; with `revision`, only if it still has it. Absent already is fine, unless a revision was given. */
  abstract delete(key: string, revision?: number): Promise<void>;
  /** The live entries whose key starts with `prefix`, by key. */
  abstract list(prefix: string, options?: ListOptions): Promise<readonly Entry[]>;
  /**
   * The live entries whose key starts with `prefix`, in no order, in pages of at most `size`: a store has no more than one of them in memory.
   * What is there all the while is in one of them; what is written meanwhile may be as it was, or come twice. Between two of them everybody
   * else in the process has a turn, however many there are.
   */
  async *pages(prefix: string, size: number): AsyncGenerator<readonly Entry[]> {
    const entries = await this.list(prefix);
    for (let start = 0; start < entries.length; start += size) yield entries.slice(start, start + size);
  }
  /**
   * Tells the current entries, then `onReady`, then each change in order; no key's change is missed, also not while the store is away. Of
   * changes of one key that follow each other closely, it may be that only the last is told.
   */
  abstract watch(prefix: string, onChange: (change: Change) => void, onReady?: () => void): Promise<Watch>;
}

/** The buckets. A bucket has one use and one writing service. */
export abstract class KeyValue {
  /** Opens a bucket, creating it when new. `ttl`: milliseconds that its keys live unless a put says otherwise. */
  abstract bucket(name: string, options?: { readonly ttl?: number }): Promise<Bucket>;
  abstract close(): Promise<void>;
}

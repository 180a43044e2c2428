import { DomainError } from '@millrace/kernel';
import type { Bucket, Entry } from '@millrace/messaging';

/** Conflicts in a row after which something other than other writers must be wrong: of these, one gets through each time. */
const MOST_ATTEMPTS = 200;

/** What becomes of a key. `value` absent: it stays; null: it goes. */
export interface Change<Answer> {
  readonly answer: Answer;
  readonly value?: Uint8Array | null;
  /** Milliseconds that the value lives; absent: for ever. */
  readonly ttl?: number | undefined;
}

type Make<Answer> = (found: Entry | undefined) => Change<Answer>;

/** Throws when whoever writes must not any more. */
export type Guard = () => Promise<void>;

/** Keys of a bucket that many change at once, each change made from what the one before left. */
export class Cells {
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(private readonly bucket: Bucket) {}

  /**
   * Changes a key by compare-and-set; `make` is asked again when somebody else wrote it first, and answers from what it then holds.
   * Those of this process take turns. `guard` is asked before each write, of what was read before: what it throws ends it, with nothing
   * written. Throws what `make` throws, and `runtime.write_contended` when nothing gets through.
   */
  async change<Answer>(key: string, make: Make<Answer>, guard?: Guard): Promise<Answer> {
    const before = this.last.get(key) ?? Promise.resolve();
    const mine = before.then(
      () => this.contend(key, make, guard),
      () => this.contend(key, make, guard),
    );
    this.last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === mine) this.last.delete(key);
    }
  }

  private async contend<Answer>(key: string, make: Make<Answer>, guard?: Guard): Promise<Answer> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const found = await this.bucket.get(key);
      const change = make(found);
      if (change.value !== undefined) await guard?.();
      if (await this.settled(key, found?.revision ?? 0, change)) return change.answer;
    }
    throw contended(key);
  }

  /** False: somebody else wrote the key first. */
  private async settled(key: string, revision: number, { value, ttl }: Change<unknown>): Promise<boolean> {
    if (value === undefined) return true;
    try {
      if (value === null) await this.bucket.delete(key, revision);
      else await this.bucket.putIf(key, value, revision, ttl === undefined ? {} : { ttl });
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'kv.revision_conflict') return false;
      throw error;
    }
  }
}

function contended(key: string): DomainError {
  const message = `"${key}" changes faster than it can be written. Try again later.`;
  return new DomainError('runtime.write_contended', 'unavailable', message, { facts: { key } });
}

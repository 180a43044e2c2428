import type { Clock } from '@millrace/kernel';
import type { GroupCommit } from '../../sqlite/group-commit';
import { revisionConflict } from '../key-value';
import type { Change, Entry } from '../key-value';
import type { EntryTable, StoredEntry } from './entry-table';
import type { Watchers } from './watchers';

const SWEPT_AT_ONCE = 500;
/** Milliseconds until a sweep that the store refused is tried again. */
const AFTER_A_FAILURE = 1_000;
const LONGEST_TIMER = 2 ** 31 - 1;

/** The live entries of all buckets: writes in groups, time that runs out, and who is told. */
export class EntryStore {
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;
  #sweeping = false;
  #stopped = false;

  constructor(
    private readonly table: EntryTable,
    private readonly commit: GroupCommit,
    private readonly clock: Clock,
    readonly watchers: Watchers,
  ) {
    this.#armTimer(table.nextExpiry());
  }

  find(bucket: string, key: string): Entry | undefined {
    const stored = this.table.find(bucket, key);
    return stored !== undefined && this.#isLive(stored.expiresAt) ? entryOf(stored) : undefined;
  }

  list(bucket: string, prefix: string, limit?: number): readonly Entry[] {
    if (limit !== undefined) return this.table.some(bucket, prefix, { now: this.clock.now(), limit }).map(entryOf);
    const live = this.table.list(bucket, prefix).filter((entry) => this.#isLive(entry.expiresAt));
    return live.map(entryOf);
  }

  /** By key, at most so many, those behind the key `after` if one is named. */
  page(bucket: string, prefix: string, limit: number, after: string | undefined): readonly Entry[] {
    return this.table.some(bucket, prefix, { now: this.clock.now(), limit, after }).map(entryOf);
  }

  /** `revision` absent: whatever is there. */
  async put(bucket: string, entry: Omit<Entry, 'revision'>, ttl: number | undefined, revision?: number): Promise<number> {
    const { key } = entry;
    const value = new Uint8Array(entry.value);
    const change = await this.#write(bucket, () => {
      this.#check(bucket, key, revision);
      const expiresAt = ttl === undefined ? undefined : this.clock.now() + ttl;
      const written = { bucket, key, value, revision: this.table.nextRevision(), expiresAt };
      this.table.write(written);
      this.#armTimer(expiresAt);
      return { key, value, revision: written.revision };
    });
    return change.revision;
  }

  async delete(bucket: string, key: string, revision?: number): Promise<void> {
    await this.#write(bucket, () => {
      this.#check(bucket, key, revision);
      if (this.table.find(bucket, key) === undefined) return undefined;
      this.table.remove(bucket, key);
      return { key, revision: this.table.nextRevision() };
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped = true;
  }

  #write<C extends Change | undefined>(bucket: string, write: () => C): Promise<C> {
    return this.commit.run(write, (change) => change && this.watchers.tell(bucket, change));
  }

  #check(bucket: string, key: string, revision: number | undefined): void {
    if (revision === undefined) return;
    if (revision !== (this.find(bucket, key)?.revision ?? 0)) throw revisionConflict(bucket, key);
  }

  #isLive(expiresAt: number | undefined): boolean {
    if (expiresAt === undefined || expiresAt > this.clock.now()) return true;
    this.#sweep();
    return false;
  }

  /** Removes what has run out of time, and tells of it. */
  #sweep(): void {
    if (this.#sweeping || this.#stopped) return;
    this.#sweeping = true;
    const remove = (): readonly (Change & { readonly bucket: string })[] =>
      this.table.expired(this.clock.now(), SWEPT_AT_ONCE).map(({ bucket, key }) => {
        this.table.remove(bucket, key);
        return { bucket, key, revision: this.table.nextRevision() };
      });
    const tell = (gone: ReturnType<typeof remove>): void => gone.forEach(({ bucket, ...change }) => this.watchers.tell(bucket, change));
    this.commit.run(remove, tell).then(
      () => this.#armAnew(() => this.table.nextExpiry()),
      () => this.#armAnew(() => this.clock.now() + AFTER_A_FAILURE),
    );
  }

  #armAnew(next: () => number | undefined): void {
    if (this.#stopped) return;
    this.#sweeping = false;
    this.#timerAt = Infinity;
    this.#armTimer(next());
  }

  #armTimer(expiresAt: number | undefined): void {
    if (expiresAt === undefined || expiresAt >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = expiresAt;
    const delay = Math.min(Math.max(expiresAt - this.clock.now(), 1), LONGEST_TIMER);
    this.#timer = setTimeout(() => this.#sweep(), delay).unref();
  }
}

function entryOf({ key, value, revision }: StoredEntry): Entry {
  return { key, value, revision };
}

import { revisionConflict, type Change, type Entry } from '@millrace/messaging';
import type { Scheduler } from '../time/scheduler';

interface Stored {
  readonly value: Uint8Array;
  readonly revision: number;
  /** Milliseconds since 1970; undefined: never. */
  readonly expiresAt: number | undefined;
}

export interface Watcher {
  readonly prefix: string;
  tell(change: Change): void;
}

/** A place in a bucket. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
}

interface Shelf {
  readonly entries: Map<string, Stored>;
  readonly watchers: Set<Watcher>;
}

/** The entries of all buckets, all processes together. Every method is one indivisible effect. */
export class EntryStore {
  readonly #shelves = new Map<string, Shelf>();
  /** One counter for all buckets. */
  #revision = 0;

  constructor(private readonly scheduler: Scheduler) {}

  get(place: Place): Entry | undefined {
    const stored = this.#find(place);
    return stored && entryOf(place.key, stored);
  }

  list(bucket: string, prefix: string): readonly Entry[] {
    const keys = [...this.#shelf(bucket).entries.keys()].filter((key) => key.startsWith(prefix)).sort();
    return keys.flatMap((key) => this.get({ bucket, key }) ?? []);
  }

  /** `revision` absent: whatever is there. Answers the new one. */
  put(place: Place, value: Uint8Array, ttl: number | undefined, revision?: number): number {
    const { bucket, key } = place;
    this.#check(place, revision);
    const now = this.scheduler.clock.now();
    const stored = { value, revision: ++this.#revision, expiresAt: ttl === undefined ? undefined : now + ttl };
    this.#shelf(bucket).entries.set(key, stored);
    this.#tell(place, stored);
    if (stored.expiresAt !== undefined) this.#expireLater(place, stored, stored.expiresAt);
    return stored.revision;
  }

  delete(place: Place, revision?: number): void {
    this.#check(place, revision);
    if (this.#shelf(place.bucket).entries.delete(place.key)) this.#tell(place, undefined);
  }

  /** Answers how to stop. */
  watch(bucket: string, watcher: Watcher): () => void {
    const { watchers } = this.#shelf(bucket);
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }

  #shelf(bucket: string): Shelf {
    const known = this.#shelves.get(bucket);
    if (known !== undefined) return known;
    const shelf = { entries: new Map<string, Stored>(), watchers: new Set<Watcher>() };
    this.#shelves.set(bucket, shelf);
    return shelf;
  }

  #find({ bucket, key }: Place): Stored | undefined {
    const stored = this.#shelf(bucket).entries.get(key);
    if (stored?.expiresAt !== undefined && stored.expiresAt <= this.scheduler.clock.now()) return undefined;
    return stored;
  }

  #check(place: Place, revision: number | undefined): void {
    if (revision === undefined || revision === (this.#find(place)?.revision ?? 0)) return;
    throw revisionConflict(place.bucket, place.key);
  }

  #expireLater(place: Place, stored: Stored, at: number): void {
    const { entries } = this.#shelf(place.bucket);
    const run = (): void => {
      if (entries.get(place.key) !== stored) return;
      entries.delete(place.key);
      this.#tell(place, undefined);
    };
    this.scheduler.later(at, { run }, { background: true });
  }

  /** `stored` absent: it is gone. */
  #tell({ bucket, key }: Place, stored: Stored | undefined): void {
    const revision = stored?.revision ?? ++this.#revision;
    for (const watcher of this.#shelf(bucket).watchers) {
      if (key.startsWith(watcher.prefix)) watcher.tell(stored === undefined ? { key, revision } : entryOf(key, stored));
    }
  }
}

/** With bytes of its own. */
function entryOf(key: string, { value, revision }: Stored): Entry {
  return { key, value: new Uint8Array(value), revision };
}

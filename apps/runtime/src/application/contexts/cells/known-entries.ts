import type { Entry } from '@millrace/messaging';

/** Bytes of one entry, and of all, that are remembered. */
const LARGEST = 64 * 1024;
const MOST = 8 * 1024 * 1024;

/** What a key held when it was last read or written here, and since which instant nobody else has changed it, if it still is so. */
export interface Known {
  readonly entry: Entry;
  readonly since: number;
}

/** The entries that were read or written here last. An instant is a number that grows from one to the next. */
export class KnownEntries {
  private readonly entries = new Map<string, Known>();
  private bytes = 0;
  private instant = 0;

  /** An instant: all that is known by now is known since before it. */
  now(): number {
    return (this.instant += 1);
  }

  get(key: string): Known | undefined {
    return this.entries.get(key);
  }

  /** This was there. */
  read(key: string, entry: Entry | undefined): void {
    const revision = this.entries.get(key)?.entry.revision ?? 0;
    if (entry === undefined) this.forget(key);
    else if (revision < entry.revision) this.keep(key, { entry, since: this.now() });
  }

  /** It was written here, by compare-and-set, over what is known. */
  wrote(key: string, entry: Entry): void {
    this.keep(key, { entry, since: this.entries.get(key)?.since ?? this.now() });
  }

  forget(key: string): void {
    this.bytes -= this.entries.get(key)?.entry.value.length ?? 0;
    this.entries.delete(key);
  }

  private keep(key: string, known: Known): void {
    this.forget(key);
    const { length } = known.entry.value;
    if (length > LARGEST) return;
    this.entries.set(key, known);
    this.bytes += length;
    for (const [oldest] of this.entries) {
      if (this.bytes <= MOST) return;
      this.forget(oldest);
    }
  }
}

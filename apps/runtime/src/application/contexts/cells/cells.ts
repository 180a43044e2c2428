import { DomainError } from '@millrace/kernel';
import type { Bucket, Entry } from '@millrace/messaging';
import { KnownEntries } from './known-entries';
import { waiting, type Make, type Right, type Waiting, type Write } from './waiting';

export type { Change, Guard, Right } from './waiting';

/** Conflicts in a row after which something other than other writers must be wrong: of these, one gets through each time. */
const MOST_ATTEMPTS = 200;
/** Changes that one write holds at most, and about how many bytes are made for it: all of them are made in one go. */
const MOST_TOGETHER = 100;
const MOST_MADE = 2 * 1024 * 1024;

/** Keys of a bucket that many change at once, each change made from what the one before left. */
export class Cells {
  private readonly lines = new Map<string, Waiting[]>();
  private readonly known = new KnownEntries();

  constructor(private readonly bucket: Bucket) {}

  /** What a key holds now. */
  async get(key: string): Promise<Entry | undefined> {
    const entry = await this.bucket.get(key);
    this.known.read(key, entry);
    return entry;
  }

  /** An instant, for `Right.ownedAt`. */
  now(): number {
    return this.known.now();
  }

  /**
   * Changes a key by compare-and-set; `make` is asked again when somebody else wrote it first, and answers from what it then holds.
   * Those of this process who wait for the same key are written together, in the order in which they came; each has an outcome of its own.
   * `right.guard` is asked before each write, after what it is made from was read: what it throws ends it, with nothing written. Throws what
   * `make` throws, and `runtime.write_contended` when nothing gets through.
   */
  async change<Answer>(key: string, make: Make<Answer>, right: Right = {}): Promise<Answer> {
    const { promise, ...settle } = Promise.withResolvers<Answer>();
    const line = this.lines.get(key);
    const one = waiting({ make, right, ...settle });
    if (line === undefined) void this.serve(key, [one]);
    else line.push(one);
    return promise;
  }

  private async serve(key: string, line: Waiting[]): Promise<void> {
    this.lines.set(key, line);
    while (line.length > 0) await this.contend(key, line);
    this.lines.delete(key);
  }

  /**
   * Writes over what has been known since before those who write could have lost the right to, without a look at either. False: nothing
   * was written, for that cannot be, or comes to nothing, or somebody else wrote the key meanwhile.
   */
  private async overKnown(key: string, line: Waiting[]): Promise<boolean> {
    const known = this.known.get(key);
    if (known === undefined) return false;
    const served = line.slice(0, Math.min(MOST_TOGETHER, mostFor(known.entry)));
    if (served.some(({ right }) => (right.ownedAt?.() ?? 0) <= known.since)) return false;
    const { write, isOfAll } = madeBy(served, known.entry);
    if (!isOfAll || !(await this.settled(key, known.entry.revision, write).catch(() => false))) return false;
    for (const one of served) one.tell();
    line.splice(0, served.length);
    return true;
  }

  /** Serves the first of the line, and as many with it as can be. */
  private async contend(key: string, line: Waiting[]): Promise<void> {
    if (await this.overKnown(key, line)) return;
    let most = MOST_TOGETHER;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      let served: readonly Waiting[] = line.slice(0, most);
      try {
        const found = await this.get(key);
        served = await allowed(line, line.slice(0, Math.min(most, mostFor(found))));
        if (!(await this.settled(key, found?.revision ?? 0, madeBy(served, found).write))) continue;
        for (const one of served) one.tell();
      } catch (error) {
        if (isTooLarge(error) && served.length > 1) {
          // Which of them it is shows when each is alone.
          most = 1;
          continue;
        }
        for (const one of served) one.fail(error);
      }
      line.splice(0, served.length);
      return;
    }
    for (const one of line.splice(0)) one.fail(contended(key));
  }

  /** False: somebody else wrote the key first. */
  private async settled(key: string, revision: number, { value, ttl }: Write): Promise<boolean> {
    if (value === undefined || (value === null && revision === 0)) return true;
    try {
      if (value === null) {
        await this.bucket.delete(key, revision);
        this.known.forget(key);
      } else {
        const written = await this.bucket.putIf(key, value, revision, ttl === undefined ? {} : { ttl });
        this.known.wrote(key, { key, value, revision: written });
      }
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'kv.revision_conflict') return false;
      throw error;
    }
  }
}

/** Those of the first whose guard lets them through; the others are told, and stand in the line no more. */
async function allowed(line: Waiting[], first: readonly Waiting[]): Promise<readonly Waiting[]> {
  const outcomes = await Promise.allSettled(first.map(async ({ right }) => right.guard?.()));
  const refused = new Map(first.flatMap((one, at) => (outcomes[at]?.status === 'rejected' ? [[one, outcomes[at].reason as unknown]] : [])));
  for (const [one, reason] of refused) one.fail(reason);
  line.splice(0, first.length, ...first.filter((one) => !refused.has(one)));
  return line.slice(0, first.length - refused.size);
}

/** What all of them together make of an entry, and whether each has its part in that. */
function madeBy(served: readonly Waiting[], found: Entry | undefined): { readonly write: Write; readonly isOfAll: boolean } {
  let made: Write = {};
  let isOfAll = true;
  let entry = found;
  for (const one of served) {
    const write = one.apply(entry);
    if (write.value === undefined) {
      isOfAll = false;
      continue;
    }
    made = write;
    entry = write.value === null ? undefined : { key: '', revision: 0, ...found, value: write.value };
  }
  return { write: made, isOfAll };
}

/** How many changes are made in one go of a value of this size. */
function mostFor(found: Entry | undefined): number {
  return Math.max(1, Math.floor(MOST_MADE / Math.max(1, found?.value.length ?? 0)));
}

function isTooLarge(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'kv.value_too_large';
}

function contended(key: string): DomainError {
  const message = `"${key}" changes faster than it can be written. Try again later.`;
  return new DomainError('runtime.write_contended', 'unavailable', message, { facts: { key } });
}

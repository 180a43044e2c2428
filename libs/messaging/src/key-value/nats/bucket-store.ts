import { Gathered } from '@millrace/kernel';
import type { FaultReport } from '../../faults';
import type { Link } from '../../nats/link';
import { revisionConflict } from '../key-value';
import type { Change, Entry, Watch } from '../key-value';
import type { BucketStream, Contents, Write } from './bucket-stream';
import type { Feed } from './feed';
import { closed, isConflict, refusalOf } from './refusals';
import { Watcher } from './watcher';

/** Tries to write over a key that went, while others write and take back. */
const TRIES = 5;
/** Milliseconds until a watcher whose view could not be refreshed tries again. */
const AFTER_A_FAILURE = 500;

export interface StoreParts {
  readonly name: string;
  readonly link: Link;
  readonly stream: BucketStream;
  /** Milliseconds that one call may take. */
  readonly patience: number;
  readonly feed: (listener: { onChange(change: Change): void; onGap(): void }) => Feed;
  readonly onFault: FaultReport;
}

/** One bucket as all who opened it in this process share it: its reads, its writes, and one feed for all its watchers. */
export class BucketStore {
  readonly #watchers = new Set<Watcher>();
  #feed: { readonly feed: Feed; readonly started: Promise<void> } | undefined;
  readonly #inHand = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(private readonly parts: StoreParts) {}

  async find(key: string): Promise<Entry | undefined> {
    return entryOf(await this.#within(() => this.parts.stream.newest(key)));
  }

  async list(prefix: string): Promise<readonly Entry[]> {
    const { changes } = await this.#within((signal) => this.#contents(prefix, signal));
    return entriesOf(changes);
  }

  /** At most so many of them, whichever; those that the bucket has had for longest are read first, and no more than are needed. */
  async some(prefix: string, limit: number): Promise<readonly Entry[]> {
    const { changes } = await this.#within((signal) => this.#contents(prefix, signal, limit));
    return entriesOf(changes).slice(0, limit);
  }

  /** Those that are there, page by page, oldest write first: at least all that the leader of the stream had taken at the call. */
  async *pages(prefix: string, size: number): AsyncGenerator<readonly Entry[]> {
    const newestRevision = (): Promise<number> => this.#within(() => this.parts.stream.newestRevision(prefix));
    let newest = await newestRevision();
    for (let [upTo, pending] = [0, newest]; pending > 0 || upTo < newest;) {
      const from = upTo + 1;
      const page = await this.#within((signal) => this.parts.stream.page(prefix, { from, size }, signal));
      ({ upTo, pending } = page);
      const entries = entriesOf(page.changes);
      if (entries.length > 0) yield entries;
      // What was newest may have gone without a trace.
      if (pending === 0 && upTo < newest) newest = await newestRevision();
    }
  }

  async put(key: string, write: Write): Promise<number> {
    return this.#within(() => this.parts.stream.write(key, write));
  }

  /** `revision` 0: the key must be absent, which it also is when it went. */
  async putIf(key: string, write: Write, revision: number): Promise<number> {
    return this.#within(async () => {
      for (let expected: number | undefined = revision, tries = 0; expected !== undefined && tries < TRIES; tries += 1) {
        const written: number | undefined = await this.#tryWrite(key, { ...write, revision: expected });
        if (written !== undefined) return written;
        expected = revision === 0 ? await this.#revisionGone(key) : undefined;
      }
      throw revisionConflict(this.parts.name, key);
    });
  }

  async delete(key: string, revision?: number): Promise<void> {
    if (revision === undefined) await this.put(key, {});
    else if (revision > 0) await this.putIf(key, {}, revision);
    else if ((await this.find(key)) !== undefined) throw revisionConflict(this.parts.name, key);
  }

  async watch(prefix: string, onChange: (change: Change) => void, onReady?: () => void): Promise<Watch> {
    const safely = (callback: () => void): void => this.#safely(prefix, callback);
    const watcher = new Watcher(prefix, (change) => safely(() => onChange(change)));
    this.#watchers.add(watcher);
    try {
      const feed = await this.#fed();
      watcher.refresh(await this.#within((signal) => this.#contents(prefix, signal)));
      if (onReady !== undefined) safely(onReady);
      const newest = new Gathered(() => this.parts.stream.newestRevision(prefix));
      return { caughtUp: () => this.#caughtUp(feed, watcher, newest), stop: async () => this.#dismiss(watcher) };
    } catch (error) {
      this.#dismiss(watcher);
      throw error;
    }
  }

  /** Takes no new calls, and waits for those in hand. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#feed?.feed.stop();
    for (const watcher of this.#watchers) this.#dismiss(watcher);
    await Promise.allSettled(this.#inHand);
  }

  /** What is there now: at least all that the leader of the stream had taken at the call, whichever server answers. */
  async #contents(prefix: string, signal: AbortSignal, limit = Infinity): Promise<Contents> {
    for (;;) {
      const newest = await this.parts.stream.newestRevision(prefix);
      if (newest === 0) return { changes: [], upTo: 0 };
      const contents = await this.parts.stream.read(prefix, signal, limit);
      if (contents.upTo >= newest || contents.isCut === true) return contents;
      signal.throwIfAborted();
    }
  }

  async #tryWrite(key: string, write: Write): Promise<number | undefined> {
    try {
      return await this.parts.stream.write(key, write);
    } catch (error) {
      if (isConflict(error)) return undefined;
      throw error;
    }
  }

  /** What a write must expect in order to follow a key that went; undefined: it is there. */
  async #revisionGone(key: string): Promise<number | undefined> {
    const newest = await this.parts.stream.newest(key);
    return newest?.value === undefined ? (newest?.revision ?? 0) : undefined;
  }

  /** The feed, which the first watcher starts; one that could not be started is started anew by the next. */
  async #fed(): Promise<Feed> {
    this.#feed ??= this.#startFeed();
    const { feed, started } = this.#feed;
    await started;
    return feed;
  }

  #startFeed(): { readonly feed: Feed; readonly started: Promise<void> } {
    const feed = this.parts.feed({ onChange: (change) => this.#tell(change), onGap: () => this.#refreshAll() });
    const started = this.#within(() => feed.start()).catch((error: unknown) => {
      this.#feed = undefined;
      feed.stop();
      throw error;
    });
    return { feed, started };
  }

  #tell(change: Change): void {
    for (const watcher of this.#watchers) watcher.take(change);
  }

  #refreshAll(): void {
    for (const watcher of this.#watchers) {
      watcher.hold();
      void this.#refresh(watcher);
    }
  }

  async #refresh(watcher: Watcher): Promise<void> {
    if (watcher.isStopped) return;
    try {
      watcher.refresh(await this.#within((signal) => this.#contents(watcher.prefix, signal)));
    } catch {
      setTimeout(() => void this.#refresh(watcher), AFTER_A_FAILURE).unref();
    }
  }

  async #caughtUp(feed: Feed, watcher: Watcher, newest: Gathered<number>): Promise<void> {
    await this.#within(async (signal) => {
      while (!watcher.isStopped && !(await feed.reached(await newest.ask()))) signal.throwIfAborted();
      await watcher.current();
    });
  }

  #dismiss(watcher: Watcher): void {
    watcher.stop();
    this.#watchers.delete(watcher);
  }

  async #within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw closed();
    const call = this.parts.link.run(this.parts.patience, work);
    this.#inHand.add(call);
    try {
      return await call;
    } catch (error) {
      throw this.#refusal(error);
    } finally {
      this.#inHand.delete(call);
    }
  }

  #refusal(error: unknown): unknown {
    return this.#isClosed ? closed() : refusalOf(this.parts.name, error);
  }

  #safely(prefix: string, callback: () => void): void {
    try {
      callback();
    } catch (fault) {
      this.parts.onFault(`a watcher of "${prefix}*" in "${this.parts.name}" failed`, fault);
    }
  }
}

function entriesOf(changes: readonly Change[]): readonly Entry[] {
  return changes
    .map(entryOf)
    .filter((entry) => entry !== undefined)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}

function entryOf(change: Change | undefined): Entry | undefined {
  return change?.value === undefined ? undefined : { key: change.key, value: change.value, revision: change.revision };
}

import { assertEntry, Bucket, type Change, type Entry, type PutOptions, type Watch } from '@millrace/messaging';
import type { Link } from '../link';
import { Lane } from '../time/lane';
import type { Task } from '../time/scheduler';
import type { EntryStore } from './entry-store';

export interface BucketParts {
  readonly name: string;
  /** Milliseconds that entries live unless a put says otherwise; undefined: for ever. */
  readonly ttl: number | undefined;
  readonly entries: EntryStore;
  /** Refuses when this side has closed the store. */
  readonly link: Pick<Link, 'ask' | 'tell' | 'onFate'>;
  readonly closing: AbortSignal;
}

/** One bucket as one process has it. Its writes to one key take effect in the order they were asked for. */
export class SimulatedBucket extends Bucket {
  readonly #lanes = new Map<string, Lane<Task>>();

  constructor(private readonly parts: BucketParts) {
    super();
  }

  override get(key: string): Promise<Entry | undefined> {
    const { name, entries, link } = this.parts;
    return link.ask({ name: `kv.get ${name}`, about: key, effect: () => entries.get({ bucket: name, key }) });
  }

  override put(key: string, value: Uint8Array, options?: PutOptions): Promise<number> {
    return this.#put(key, value, options);
  }

  override putIf(key: string, value: Uint8Array, revision: number, options?: PutOptions): Promise<number> {
    return this.#put(key, value, options, revision);
  }

  override delete(key: string, revision?: number): Promise<void> {
    return this.#write('kv.delete', key, () => this.parts.entries.delete({ bucket: this.parts.name, key }, revision));
  }

  override list(prefix: string, { limit }: { readonly limit?: number } = {}): Promise<readonly Entry[]> {
    const { name, entries, link } = this.parts;
    return link.ask({ name: `kv.list ${name}`, about: prefix, effect: () => entries.list(name, prefix).slice(0, limit) });
  }

  override watch(prefix: string, onChange: (change: Change) => void, onReady?: () => void): Promise<Watch> {
    const { name, link } = this.parts;
    const effect = (): Watch => this.#begin(prefix, onChange, onReady);
    return link.ask({ name: `kv.watch ${name}`, about: prefix, effect });
  }

  async #put(key: string, value: Uint8Array, options: PutOptions | undefined, revision?: number): Promise<number> {
    const { name, entries, ttl } = this.parts;
    assertEntry(name, key, value);
    const kept = new Uint8Array(value);
    return this.#write('kv.put', key, () => entries.put({ bucket: name, key }, kept, options?.ttl ?? ttl, revision));
  }

  async #write<T>(verb: string, key: string, effect: () => T): Promise<T> {
    const { name, link } = this.parts;
    return link.ask({ name: `${verb} ${name}`, about: key, isDurable: true, lane: this.#laneOf(key), effect });
  }

  #laneOf(key: string): Lane<Task> {
    const lane = this.#lanes.get(key) ?? new Lane<Task>();
    this.#lanes.set(key, lane);
    return lane;
  }

  /** What is there, then that it is complete, then each change: told one after the other, each some time later. */
  #begin(prefix: string, onChange: (change: Change) => void, onReady: (() => void) | undefined): Watch {
    const { name, entries, link, closing } = this.parts;
    const lane = new Lane<Task>();
    let isOver = false;
    const tell = (what: string, code: () => void): void =>
      link.tell(
        what,
        () => {
          if (!isOver && !closing.aborted) code();
        },
        lane,
      );
    for (const entry of entries.list(name, prefix)) tell(`sees ${name}/${entry.key}`, () => onChange(entry));
    if (onReady !== undefined) tell(`has seen ${name}/${prefix}`, onReady);
    const forget = entries.watch(name, { prefix, tell: (change) => tell(`sees ${name}/${change.key}`, () => onChange(change)) });
    const stopListening = link.onFate({ crashed: forget });
    return {
      caughtUp: async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        await link.ask({
          name: `kv.reach ${name}`,
          about: prefix,
          effect: () => link.tell(`has reached ${name}/${prefix}`, resolve, lane),
        });
        await promise;
      },
      stop: async () => {
        isOver = true;
        forget();
        stopListening();
      },
    };
  }
}

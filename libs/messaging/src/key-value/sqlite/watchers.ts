import type { FaultReport } from '../../faults';
import type { Change, Watch } from '../key-value';

interface Watcher {
  readonly prefix: string;
  tell(this: void, change: Change): void;
}

/** Who wants to know of changes, per bucket. */
export class Watchers {
  readonly #byBucket = new Map<string, Set<Watcher>>();

  constructor(private readonly onFault: FaultReport) {}

  /** Tells `current`, then that it is complete, then every later change: at once, before whoever made it hears that it is made. */
  add(bucket: string, prefix: string, current: readonly Change[], onChange: (change: Change) => void, onReady?: () => void): Watch {
    const safely = (callback: () => void): void => {
      try {
        callback();
      } catch (fault) {
        this.onFault(`a watcher of "${prefix}*" in "${bucket}" failed`, fault);
      }
    };
    const watcher: Watcher = { prefix, tell: (change) => safely(() => onChange(change)) };
    const watchers = this.#byBucket.get(bucket) ?? new Set();
    this.#byBucket.set(bucket, watchers.add(watcher));
    current.forEach(watcher.tell);
    if (onReady !== undefined) safely(onReady);
    return { caughtUp: () => Promise.resolve(), stop: async () => void watchers.delete(watcher) };
  }

  /** Each watcher gets bytes of its own. */
  tell(bucket: string, change: Change): void {
    for (const watcher of this.#byBucket.get(bucket) ?? []) {
      if (!change.key.startsWith(watcher.prefix)) continue;
      watcher.tell(change.value === undefined ? change : { ...change, value: new Uint8Array(change.value) });
    }
  }
}

import type { Change } from '../key-value';
import type { Contents } from './bucket-stream';

/**
 * One who watches a prefix: is told what is there, and then each change once. Changes that come while it is looked what is there wait
 * until that is told.
 */
export class Watcher {
  /** The keys that it was told of as there, with their revisions. */
  readonly #known = new Map<string, number>();
  #held: Change[] | undefined = [];
  #onCurrent: (() => void)[] = [];
  #isStopped = false;

  constructor(
    readonly prefix: string,
    private readonly onChange: (change: Change) => void,
  ) {}

  get isStopped(): boolean {
    return this.#isStopped;
  }

  take(change: Change): void {
    if (!change.key.startsWith(this.prefix)) return;
    if (this.#held === undefined) this.#tell(change);
    else this.#held.push(change);
  }

  /** What was told may be out of date: from now on changes wait. */
  hold(): void {
    this.#held ??= [];
  }

  /** Tells how what is there differs from what was told, then what came meanwhile. `contents` must be younger than the call of `hold`. */
  refresh({ changes, upTo }: Contents): void {
    const there = new Set(changes.filter(({ value }) => value !== undefined).map(({ key }) => key));
    for (const [key, revision] of this.#known) if (!there.has(key)) this.#tell({ key, revision: Math.max(upTo, revision + 1) });
    for (const change of [...changes].sort(byKey)) this.#tell(change);
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const change of held) if (change.revision > upTo) this.#tell(change);
    for (const resolve of this.#onCurrent.splice(0)) resolve();
  }

  /** Resolves when nothing is held back. */
  async current(): Promise<void> {
    if (this.#held !== undefined && !this.#isStopped) await new Promise<void>((resolve) => this.#onCurrent.push(resolve));
  }

  stop(): void {
    this.#isStopped = true;
    for (const resolve of this.#onCurrent.splice(0)) resolve();
  }

  #tell(change: Change): void {
    const known = this.#known.get(change.key);
    if (this.#isStopped || (known ?? 0) >= change.revision) return;
    if (change.value === undefined) {
      if (this.#known.delete(change.key)) this.onChange(change);
      return;
    }
    this.#known.set(change.key, change.revision);
    this.onChange({ ...change, value: new Uint8Array(change.value) });
  }
}

function byKey(one: Change, other: Change): number {
  return one.key < other.key ? -1 : 1;
}

/** What waits for its turn: one at a time per key, in the order of offsets; without a key, no order. */
export interface Queued {
  readonly offset: number;
  readonly key: string | undefined;
}

/** Who waits behind whom: one event per key is out at a time. */
export class KeyQueues<Item extends Queued> {
  readonly #queues = new Map<string, Item[]>();
  #held = 0;

  /** How many wait behind another event of their key. */
  get held(): number {
    return this.#held;
  }

  /** Whether the event may go now; if not, it is held and comes out of a later `release`. */
  admit(taken: Item): boolean {
    if (taken.key === undefined) return true;
    const queue = this.#queues.get(taken.key);
    if (queue === undefined) {
      this.#queues.set(taken.key, []);
      return true;
    }
    let at = queue.length;
    while (at > 0 && (queue[at - 1]?.offset ?? 0) > taken.offset) at -= 1;
    queue.splice(at, 0, taken);
    this.#held += 1;
    return false;
  }

  /** How many wait behind the event of this key that is out. */
  behind(key: string | undefined): number {
    return key === undefined ? 0 : (this.#queues.get(key)?.length ?? 0);
  }

  /** The event is done with: the next one of its key, if there is one, may go. */
  release(taken: Item): Item | undefined {
    if (taken.key === undefined) return undefined;
    const next = this.#queues.get(taken.key)?.shift();
    if (next === undefined) this.#queues.delete(taken.key);
    else this.#held -= 1;
    return next;
  }
}

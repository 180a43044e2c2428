/** What waits for its turn: one at a time per key, in the order of offsets; without a key, no order. */
export interface Queued {
  readonly offset: number;
  readonly key: string | undefined;
}

/** Who waits behind whom: one event per key is out at a time. */
export class KeyQueues<Item extends Queued> {
  readonly #queues = new Map<string, Queue<Item>>();
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
      this.#queues.set(taken.key, { out: taken, waiting: [] });
      return true;
    }
    const { waiting } = queue;
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1]?.offset ?? 0) > taken.offset) at -= 1;
    waiting.splice(at, 0, taken);
    this.#held += 1;
    return false;
  }

  /** The event of this key that is out. */
  out(key: string | undefined): Item | undefined {
    return key === undefined ? undefined : this.#queues.get(key)?.out;
  }

  /** How many wait behind it. */
  behind(key: string | undefined): number {
    return key === undefined ? 0 : (this.#queues.get(key)?.waiting.length ?? 0);
  }

  /** The event is done with: the next one of its key, if there is one, may go. */
  release(taken: Item): Item | undefined {
    const queue = taken.key === undefined ? undefined : this.#queues.get(taken.key);
    if (taken.key === undefined || queue === undefined) return undefined;
    const next = queue.waiting.shift();
    if (next === undefined) {
      this.#queues.delete(taken.key);
      return undefined;
    }
    this.#held -= 1;
    queue.out = next;
    return next;
  }
}

interface Queue<Item> {
  out: Item;
  readonly waiting: Item[];
}

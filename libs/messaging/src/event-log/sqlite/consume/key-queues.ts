import type { Taken } from './taken';

/** Who waits behind whom: one event per key is out at a time. */
export class KeyQueues {
  readonly #queues = new Map<string, Taken[]>();
  #held = 0;

  /** How many wait behind another event of their key. */
  get held(): number {
    return this.#held;
  }

  /** Whether the event may go now; if not, it is held and comes out of a later `release`. */
  admit(taken: Taken): boolean {
    if (taken.key === undefined) return true;
    const queue = this.#queues.get(taken.key);
    if (queue === undefined) {
      this.#queues.set(taken.key, []);
      return true;
    }
    queue.push(taken);
    this.#held += 1;
    return false;
  }

  /** The event is done with: the next one of its key, if there is one, may go. */
  release(taken: Taken): Taken | undefined {
    if (taken.key === undefined) return undefined;
    const next = this.#queues.get(taken.key)?.shift();
    if (next === undefined) this.#queues.delete(taken.key);
    else this.#held -= 1;
    return next;
  }
}

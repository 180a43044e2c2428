import type { Chance } from './chance';

/** Things that wait for their turn: any of them may be next; without chance the oldest is. */
export class Pending<T> {
  #items: T[] = [];
  /** Where the oldest is, when they go in order. */
  #head = 0;

  constructor(private readonly chance: Chance | undefined) {}

  get size(): number {
    return this.#items.length - this.#head;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  /** Takes out the next one; undefined: nothing waits. */
  take(): T | undefined {
    if (this.size === 0) return undefined;
    return this.chance === undefined ? this.#takeOldest() : this.#takeAt(this.chance.below(this.#items.length));
  }

  #takeAt(index: number): T | undefined {
    const [taken, last] = [this.#items[index], this.#items.pop()];
    if (index < this.#items.length && last !== undefined) this.#items[index] = last;
    return taken;
  }

  #takeOldest(): T | undefined {
    const taken = this.#items[this.#head++];
    if (this.#head === this.#items.length || this.#head >= 1_024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }
}

/** Keeps some of what is pending in order: one at a time is up, the others wait behind it. */
export class Lane<T> {
  readonly #waiting: T[] = [];
  #isBusy = false;

  /** Whether it may go now; if not, it comes out of a later `leave`. */
  enter(item: T): boolean {
    if (this.#isBusy) this.#waiting.push(item);
    const mayGo = !this.#isBusy;
    this.#isBusy = true;
    return mayGo;
  }

  /** The one that was up is over: the next, if there is one. */
  leave(): T | undefined {
    const next = this.#waiting.shift();
    this.#isBusy = next !== undefined;
    return next;
  }
}

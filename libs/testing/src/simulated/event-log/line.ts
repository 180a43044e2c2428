import type { Taken } from './taken';

/** Events of which one is out at a time, oldest first. */
export class Line {
  readonly #waiting: Taken[] = [];
  out: Taken | undefined;
  /** Among those that may go. */
  isOpen = false;

  constructor(readonly key: string | undefined) {}

  get head(): Taken | undefined {
    return this.#waiting[0];
  }

  /** Before what is younger, whenever that came. */
  add(taken: Taken): void {
    let index = this.#waiting.length;
    while (index > 0 && (this.#waiting[index - 1]?.offset ?? 0) > taken.offset) index -= 1;
    this.#waiting.splice(index, 0, taken);
  }

  takeHead(): Taken | undefined {
    this.out = this.#waiting.shift();
    return this.out;
  }
}

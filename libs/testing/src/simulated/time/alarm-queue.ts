/** Something that is due at a time. */
interface Alarm<T> {
  readonly at: number;
  /** Of two at the same time the one set first is first. */
  readonly order: number;
  readonly item: T;
  /** Keeps nobody waiting: what only background is left for is over. */
  readonly isBackground: boolean;
  isOff: boolean;
}

/** What is due when: a heap, so that thousands cost little. */
export class AlarmQueue<T> {
  readonly #heap: Alarm<T>[] = [];
  #set = 0;
  #foreground = 0;

  /** Answers how to take it back. */
  add(at: number, item: T, isBackground: boolean): () => void {
    const alarm = { at, order: this.#set++, item, isBackground, isOff: false };
    if (!isBackground) this.#foreground += 1;
    this.#heap.push(alarm);
    this.#rise(this.#heap.length - 1);
    return () => this.#takeOff(alarm);
  }

  /** When the next one is due; undefined: never, or only in the background and `background` does not count. */
  next(background: boolean): number | undefined {
    if (this.#foreground === 0 && !background) return undefined;
    return this.#first()?.at;
  }

  /** Takes out one that is due. */
  takeDue(now: number): T | undefined {
    const first = this.#first();
    if (first === undefined || first.at > now) return undefined;
    this.#takeOff(first);
    this.#drop();
    return first.item;
  }

  #takeOff(alarm: Alarm<T>): void {
    if (alarm.isOff) return;
    alarm.isOff = true;
    if (!alarm.isBackground) this.#foreground -= 1;
  }

  #first(): Alarm<T> | undefined {
    while (this.#heap[0]?.isOff === true) this.#drop();
    return this.#heap[0];
  }

  #drop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(index: number): void {
    for (let at = index, parent = (at - 1) >> 1; at > 0 && this.#isBefore(at, parent); at = parent, parent = (at - 1) >> 1) {
      this.#swap(at, parent);
    }
  }

  #sink(index: number): void {
    for (let at = index; ;) {
      const left = 2 * at + 1;
      const smaller = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(smaller, at)) return;
      this.#swap(at, smaller);
      at = smaller;
    }
  }

  /** False when there is no `a`. */
  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return false;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return;
    this.#heap[a] = other;
    this.#heap[b] = one;
  }
}

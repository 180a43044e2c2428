/** What can stand in a line, in one at a time. The links are its line's business. */
export abstract class Standing<T extends Standing<T>> {
  line: Line<T> | undefined;
  ahead: T | undefined;
  behind: T | undefined;
}

/** First in, first out; whoever stands in it can leave from anywhere. All in constant time, however long it is. */
export class Line<T extends Standing<T>> {
  first: T | undefined;
  private last: T | undefined;

  /** Puts at the end what stands in no line. */
  append(one: T): void {
    one.line = this;
    one.ahead = this.last;
    if (this.last === undefined) this.first = one;
    else this.last.behind = one;
    this.last = one;
  }

  /** Takes out what stands in this line. */
  remove(one: T): void {
    if (one.ahead === undefined) this.first = one.behind;
    else one.ahead.behind = one.behind;
    if (one.behind === undefined) this.last = one.ahead;
    else one.behind.ahead = one.ahead;
    one.line = one.ahead = one.behind = undefined;
  }

  /** From first to last. Whoever has been told may leave. */
  *[Symbol.iterator](): Generator<T> {
    for (let one = this.first; one !== undefined;) {
      const { behind } = one;
      yield one;
      one = behind;
    }
  }
}

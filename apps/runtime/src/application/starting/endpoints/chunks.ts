/** A hand-over of items from one side to another, one at a time: `put` resolves when the item was taken. */
export class Chunks<T> implements AsyncIterable<T> {
  private readonly items: { readonly item: T; readonly taken: () => void }[] = [];
  private wake: () => void = () => undefined;
  private over = false;
  private error: Error | undefined;

  /** Offers an item; resolves at once when the other side has left. */
  put(item: T): Promise<void> {
    if (this.over) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.items.push({ item, taken: resolve });
    this.wake();
    return promise;
  }

  /** No more items. */
  end(): void {
    this.over = true;
    this.wake();
  }

  /** The other side gets this error after the items. */
  fail(error: unknown): void {
    this.error = error instanceof Error ? error : new Error(String(error));
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        const next = this.items.shift();
        if (next !== undefined) {
          try {
            yield next.item;
          } finally {
            next.taken();
          }
        } else if (this.over) {
          if (this.error !== undefined) throw this.error;
          return;
        } else {
          await new Promise<void>((resolve) => (this.wake = resolve));
        }
      }
    } finally {
      this.over = true;
      for (const { taken } of this.items.splice(0)) taken();
    }
  }
}

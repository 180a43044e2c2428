interface Waiter {
  readonly id: string;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Callers who wait until the relay has passed an entry. */
export class Waiting {
  private waiters: readonly Waiter[] = [];
  private reached = '';

  /** Resolves when an entry with this or a larger id was reached; rejects with the signal's reason when that comes first. */
  async until(id: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (id <= this.reached) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { id, resolve, reject };
    this.waiters = [...this.waiters, waiter];
    const abort = (): void => {
      this.waiters = this.waiters.filter((other) => other !== waiter);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort);
    await promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Everything up to this entry is on the log. */
  reach(id: string): void {
    this.reached = id;
    const done = this.waiters.filter((waiter) => waiter.id <= id);
    this.waiters = this.waiters.filter((waiter) => waiter.id > id);
    for (const { resolve } of done) resolve();
  }

  fail(reason: unknown): void {
    const failed = this.waiters;
    this.waiters = [];
    for (const { reject } of failed) reject(reason);
  }
}

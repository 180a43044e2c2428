interface Waiter {
  readonly id: string;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Callers who wait until the outbox holds neither an entry nor an older one. */
export class Waiting {
  private waiters: readonly Waiter[] = [];

  get empty(): boolean {
    return this.waiters.length === 0;
  }

  /** Resolves when the entry and all older ones are gone; rejects with the signal's reason when that comes first. */
  async until(id: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
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

  /** To be called before the outbox is looked at; what it answers, with the oldest entry found. Who comes in between waits for the next look. */
  beforeLooking(): (oldest: string | undefined) => void {
    const waiters = this.waiters;
    return (oldest) => {
      const done = waiters.filter(({ id }) => oldest === undefined || id < oldest);
      this.waiters = this.waiters.filter((waiter) => !done.includes(waiter));
      for (const { resolve } of done) resolve();
    };
  }

  fail(reason: unknown): void {
    const failed = this.waiters;
    this.waiters = [];
    for (const { reject } of failed) reject(reason);
  }
}

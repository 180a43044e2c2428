/**
 * Makes what was stored before visible to those who look for it. Any number of lookers share one refresh: whoever comes while one is under way
 * waits for the next, for the one under way may have begun before what they look for was stored.
 */
export class Freshness {
  private current: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly refresh: () => Promise<void>) {}

  /** Resolves when all that was stored before the call can be found. */
  async ensure(): Promise<void> {
    if (this.current === undefined) return this.begin();
    this.next ??= this.current.catch(() => undefined).then(() => this.begin());
    return this.next;
  }

  private begin(): Promise<void> {
    this.next = undefined;
    this.current = this.refresh().finally(() => {
      if (this.next === undefined) this.current = undefined;
    });
    return this.current;
  }
}

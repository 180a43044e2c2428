/** Does a job for each name it is given: few at once, one name never twice at once. A name given again before its turn counts once. */
export class NamedWork {
  private readonly waiting = new Set<string>();
  private readonly inHand = new Map<string, Promise<void>>();
  private stopped = false;

  /** `job` must not reject. */
  constructor(
    private readonly parallel: number,
    private readonly job: (name: string) => Promise<void>,
  ) {}

  add(name: string): void {
    this.waiting.add(name);
    this.begin();
  }

  /** Begins nothing more; resolves when what is in hand is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.inHand.values());
  }

  private begin(): void {
    for (const name of this.waiting) {
      if (this.stopped || this.inHand.size >= this.parallel) return;
      if (this.inHand.has(name)) continue;
      this.waiting.delete(name);
      this.inHand.set(name, this.do(name));
    }
  }

  private async do(name: string): Promise<void> {
    await this.job(name);
    this.inHand.delete(name);
    this.begin();
  }
}

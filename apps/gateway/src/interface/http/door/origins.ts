/** The origins whose pages may call, exactly as browsers send them. Operators may change theirs while the gateway runs. */
export class Origins {
  private more: ReadonlySet<string> = new Set();

  /** `always`: those that hold as long as the process runs. */
  constructor(private readonly always: readonly string[] = []) {}

  has(origin: string): boolean {
    return this.always.includes(origin) || this.more.has(origin);
  }

  /** Replaces those that come and go. */
  setMore(more: readonly string[]): void {
    this.more = new Set(more);
  }
}

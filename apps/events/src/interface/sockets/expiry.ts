const WARNING = 60_000;
const GRACE = 30_000;
/** What timers can hold; nothing of ours lives that long. */
const LONGEST = 2 ** 31 - 1;

export interface ExpiryCalls {
  /** A minute is left. */
  readonly onSoon: (expiresAt: number) => void;
  /** It is over, and nothing came in the grace that was given. */
  readonly onOver: () => void;
}

/** Watches the end of the token a client came with. */
export class Expiry {
  private timers: NodeJS.Timeout[] = [];

  constructor(private readonly calls: ExpiryCalls) {}

  /** Starts over for a token that ends then; undefined: nothing ends. */
  watch(expiresAt: number | undefined, now: number): void {
    this.stop();
    if (expiresAt === undefined) return;
    this.timers = [
      setTimeout(() => this.calls.onSoon(expiresAt), Math.min(LONGEST, Math.max(0, expiresAt - WARNING - now))),
      setTimeout(() => this.calls.onOver(), Math.min(LONGEST, Math.max(0, expiresAt + GRACE - now))),
    ];
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }
}

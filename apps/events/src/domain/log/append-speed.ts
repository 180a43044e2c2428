/** Milliseconds from which on an append is slow. */
const SLOW = 2_000;
/** So many seconds are looked back on, and for as long it must have been slow. */
const SECONDS = 10;
/** One in so many may be slow: the slowest hundredth is left out of account. */
const ONE_IN = 100;

interface Counted {
  all: number;
  slow: number;
}

/**
 * How fast the log takes what is appended. It is slow when for ten seconds more than one append in a hundred took over two seconds, those counted
 * that are still waiting. Times in milliseconds since 1970.
 */
export class AppendSpeed {
  /** Of those that ended, by the second in which they did. */
  private readonly ended = new Map<number, Counted>();
  private readonly waiting = new Set<{ readonly since: number }>();
  private slowSince: number | undefined;

  /** An append begins; what this answers is told when it has ended, however it did. */
  begin(since: number): (now: number) => void {
    const append = { since };
    this.waiting.add(append);
    return (now) => {
      this.waiting.delete(append);
      const second = Math.floor(now / 1_000);
      const counted = this.ended.get(second) ?? { all: 0, slow: 0 };
      counted.all += 1;
      if (now - since > SLOW) counted.slow += 1;
      this.ended.set(second, counted);
    };
  }

  /** To be asked before each append: it is slow only if it was found so all the time. */
  isSlow(now: number): boolean {
    const { all, slow } = this.count(now);
    this.slowSince = slow * ONE_IN > all ? (this.slowSince ?? now) : undefined;
    return this.slowSince !== undefined && now - this.slowSince >= SECONDS * 1_000;
  }

  private count(now: number): Counted {
    const oldest = Math.floor(now / 1_000) - SECONDS;
    const overdue = [...this.waiting].filter(({ since }) => now - since > SLOW).length;
    const counted = { all: overdue, slow: overdue };
    for (const [second, { all, slow }] of this.ended) {
      if (second <= oldest) this.ended.delete(second);
      else {
        counted.all += all;
        counted.slow += slow;
      }
    }
    return counted;
  }
}

/** An entry of the ring: where it stands in the log and what it weighs in memory. */
export interface Placed {
  readonly offset: bigint;
  readonly weight: number;
}

export interface RingLimits {
  readonly count: number;
  readonly weight: number;
}

/**
 * The newest events of the log, in order, without a hole: everything after `from` up to `head` is in here. The oldest go when there are
 * too many or they weigh too much.
 */
export class RecentEvents<T extends Placed> {
  private entries: (T | undefined)[] = [];
  /** Entries before this index have gone; the array is cut now and then, not at each push. */
  private gone = 0;
  private weight = 0;
  private fromOffset: bigint;
  private headOffset: bigint;

  /** `start`: offset of the log's newest event when following it began. */
  constructor(
    start: bigint,
    private readonly limits: RingLimits,
  ) {
    this.fromOffset = start;
    this.headOffset = start;
  }

  /** Offset of the newest event seen. */
  get head(): bigint {
    return this.headOffset;
  }

  /** Everything after this offset is here. */
  get from(): bigint {
    return this.fromOffset;
  }

  push(entry: T): void {
    this.entries.push(entry);
    this.headOffset = entry.offset;
    this.weight += entry.weight;
    this.keep(this.limits);
  }

  /** For how many more there is room, as far as their number goes. */
  get room(): number {
    return this.limits.count - (this.entries.length - this.gone);
  }

  /** Whether so many more of this weight have room among them. */
  hasRoomFor(count: number, weight: number): boolean {
    return count <= this.room && this.weight + weight <= this.limits.weight;
  }

  /** Takes back what came before: every event of the log behind `start` up to `from`, oldest first. */
  recall(start: bigint, entries: readonly T[]): void {
    this.entries = [...entries, ...this.entries.slice(this.gone)];
    this.gone = 0;
    for (const { weight } of entries) this.weight += weight;
    this.fromOffset = start;
  }

  /** Lets the oldest go until what is left is within these limits. */
  keep({ count, weight }: RingLimits): void {
    const isOver = (): boolean => this.entries.length - this.gone > count || this.weight > weight;
    for (let oldest = this.entries[this.gone]; oldest !== undefined && isOver(); oldest = this.entries[this.gone]) this.drop(oldest);
    if (this.gone <= count) return;
    this.entries = this.entries.slice(this.gone);
    this.gone = 0;
  }

  /** Whether every event after this offset is here. */
  covers(offset: bigint): boolean {
    return offset >= this.fromOffset;
  }

  /** The events after an offset that `covers` allows, oldest first. */
  after(offset: bigint): readonly T[] {
    return this.entries.slice(this.indexAfter(offset)) as readonly T[];
  }

  private drop(oldest: T): void {
    this.fromOffset = oldest.offset;
    this.weight -= oldest.weight;
    this.entries[this.gone] = undefined;
    this.gone += 1;
  }

  /** By bisection: offsets rise. */
  private indexAfter(offset: bigint): number {
    let low = this.gone;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.entries[middle];
      if (entry !== undefined && entry.offset <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

import type { AggregateBucket } from './history';

type Value = AggregateBucket['value'];

/** Counts values, each kind for itself: `1` is not `"1"`. */
export class Tally {
  private readonly counts = new Map<Value, number>();

  add(value: Value, count = 1): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + count);
  }

  /** The most frequent first, equal counts by their values. */
  mostFirst(limit: number): readonly AggregateBucket[] {
    return this.buckets()
      .sort((a, b) => b.count - a.count || (JSON.stringify(a.value) < JSON.stringify(b.value) ? -1 : 1))
      .slice(0, limit);
  }

  /** Numbers in their order. */
  inOrder(): readonly AggregateBucket[] {
    return this.buckets().sort((a, b) => Number(a.value) - Number(b.value));
  }

  private buckets(): AggregateBucket[] {
    return Array.from(this.counts, ([value, count]) => ({ value, count }));
  }
}

/** What comes first of what it is given, by key, at most so many: however much there is, it holds no more than twice as many. */
export class Foremost<T> {
  private kept = new Map<string, T>();
  private readonly sign: 1 | -1;

  constructor(
    private readonly most: number,
    order: 'ascending' | 'descending',
  ) {
    this.sign = order === 'ascending' ? 1 : -1;
  }

  /** What had the key before gives way. */
  take(key: string, item: T): void {
    this.kept.set(key, item);
    if (this.kept.size >= 2 * this.most) this.kept = new Map(this.all());
  }

  /** In their order. */
  all(): readonly (readonly [string, T])[] {
    return [...this.kept].sort(([a], [b]) => (a < b ? -this.sign : this.sign)).slice(0, this.most);
  }
}

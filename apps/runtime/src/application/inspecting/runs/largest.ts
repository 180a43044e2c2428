/** The largest of what it is given, by key, at most so many: however much there is, it holds no more than twice as many. */
export class Largest<T> {
  private kept = new Map<string, T>();

  constructor(private readonly most: number) {}

  /** What had the key before gives way. */
  take(key: string, item: T): void {
    this.kept.set(key, item);
    if (this.kept.size >= 2 * this.most) this.kept = new Map(this.all());
  }

  /** The largest first. */
  all(): readonly (readonly [string, T])[] {
    return [...this.kept].sort(([a], [b]) => (a < b ? 1 : -1)).slice(0, this.most);
  }
}

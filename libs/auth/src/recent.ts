/**
 * A map that holds at most `capacity` entries; what was not asked for lately goes first. Two generations, and not one map in the order of
 * use: to take an entry out and put it in again at each look has the map made anew again and again, with everything in it.
 */
export class Recent<K, V> {
  private young = new Map<K, V>();
  private old = new Map<K, V>();
  /** Of each generation. */
  private readonly most: number;

  constructor(private readonly capacity: number) {
    this.most = Math.max(1, Math.floor(capacity / 2));
  }

  get(key: K): V | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;
    const older = this.old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: K, value: V): void {
    if (this.capacity === 0) return;
    this.old.delete(key);
    if (!this.young.has(key) && this.young.size >= this.most) {
      this.old = this.capacity > 1 ? this.young : new Map<K, V>();
      this.young = new Map();
    }
    this.young.set(key, value);
  }

  delete(key: K): void {
    this.young.delete(key);
    this.old.delete(key);
  }
}

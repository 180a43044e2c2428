import { isOpenPattern, matchesPattern } from '../../filter/pattern';

/** Values that names and patterns of events stand for, found by the name of an event. */
export class ByPattern<T> {
  private readonly named = new Map<string, T[]>();
  private readonly open: (readonly [pattern: string, value: T])[] = [];

  constructor(entries: readonly (readonly [pattern: string, value: T])[]) {
    for (const entry of entries) {
      const [pattern, value] = entry;
      if (isOpenPattern(pattern)) this.open.push(entry);
      else this.named.set(pattern, [...(this.named.get(pattern) ?? []), value]);
    }
  }

  /** What stands for an event; nothing if nothing does. */
  of(event: string): readonly T[] {
    return [...(this.named.get(event) ?? []), ...this.open.filter(([pattern]) => matchesPattern(pattern, event)).map(([, value]) => value)];
  }
}

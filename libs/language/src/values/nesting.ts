import type { Json } from '@millrace/kernel';
import { DataRefused, DEEPEST } from './json';
import { isList } from './value';
import type { Value } from './value';

/** How deep lists and maps are nested in values. Remembers what it has measured: what it is asked about must not change any more. */
export class Nesting {
  private readonly measured = new WeakMap<object, number>();

  /** Throws DataRefused for a value that, so many levels below its root, would be nested more than 64 deep. */
  refuse(value: Value, below = 0): void {
    if (below + this.of(value) > DEEPEST) throw new DataRefused(`The data would be nested more than ${DEEPEST} deep.`);
  }

  private of(value: Value): number {
    if (typeof value !== 'object' || value === null) return 0;
    const known = this.measured.get(value);
    if (known !== undefined) return known;
    const items: readonly Json[] = isList(value) ? value : Object.values(value);
    const depth = 1 + items.reduce<number>((deepest, item) => Math.max(deepest, this.of(item)), 0);
    this.measured.set(value, depth);
    return depth;
  }
}

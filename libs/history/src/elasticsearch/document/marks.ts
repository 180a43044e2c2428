import type { Json, JsonMap } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { valuesOf } from '../../field';
import { isSpelledOut, isWritable, termOf } from './terms';

const MARKED_AT_MOST = 256;

/** Stands in `odd` for every path at once: not all of the event is marked. */
export const CROWDED = '*';

/** What filters find an event by. */
export interface Marks {
  /** "This field holds this value", for each text, number and boolean. */
  readonly kv: readonly string[];
  /** Paths that hold something, a map counts. */
  readonly paths: readonly string[];
  /** Paths that hold something in one item of a list and nothing in another: they are null, too. */
  readonly gaps: readonly string[];
  /** Paths that hold empty lists and nothing else: neither they are null nor what would be below. */
  readonly voids: readonly string[];
  /** Paths with a value that its term does not spell out. */
  readonly odd: readonly string[];
}

/** What an event has of which nothing is marked: every filter may hold for it. */
export const UNMARKED: Marks = { kv: [], paths: [], gaps: [], voids: [], odd: [CROWDED] };

/** The marks of an event: of all its envelope, and of the first 256 values, maps and lists of its payload. */
export function marksOf({ subject, correlationId, actor, source, target }: LoggedEvent, payload: JsonMap): Marks {
  const marker = new Marker();
  const parts = { subject, correlationId, actor, source, target };
  for (const [name, part] of Object.entries(parts)) marker.mark((part ?? null) as Json, name);
  marker.limit(MARKED_AT_MOST);
  marker.mark(payload, 'payload');
  return marker.marks((path) => valuesOf({ payload }, path).includes(null));
}

class Marker {
  private readonly kv = new Set<string>();
  private readonly paths = new Set<string>();
  private readonly lists = new Set<string>();
  private readonly empty = new Set<string>();
  private readonly odd = new Set<string>();
  private left = Infinity;

  /** From here on, marks so much and no more. */
  limit(left: number): void {
    this.left = left;
  }

  mark(value: Json, path: string): void {
    if (value === null) return;
    if (this.left <= 0 || !isWritable(path)) {
      this.odd.add(CROWDED);
      return;
    }
    this.left -= 1;
    if (isList(value)) {
      (value.length === 0 ? this.empty : this.lists).add(path);
      for (const item of value) this.mark(item, path);
      return;
    }
    this.paths.add(path);
    if (typeof value === 'object') this.markKeys(value, path);
    else this.markLeaf(value, path);
  }

  /** `isNull`: whether a path is null, or leads nowhere, in the event. */
  marks(isNull: (path: string) => boolean): Marks {
    const [paths, empty] = [[...this.paths], [...this.empty]];
    return {
      kv: [...this.kv],
      paths,
      gaps: this.lists.size === 0 ? [] : paths.filter((path) => this.isListed(path) && isNull(path)),
      voids: empty.filter((path) => !this.paths.has(path) && !isNull(path)),
      odd: [...this.odd],
    };
  }

  /** Whether more than one value can be there. */
  private isListed(path: string): boolean {
    return [...this.lists].some((list) => path === list || path.startsWith(`${list}.`));
  }

  private markKeys(map: JsonMap, path: string): void {
    for (const key of Object.keys(map)) {
      if (!key.includes('.')) this.mark(map[key] ?? null, `${path}.${key}`);
    }
  }

  private markLeaf(leaf: string | number | boolean, path: string): void {
    this.kv.add(termOf(path, leaf));
    if (typeof leaf === 'string' && !isSpelledOut(leaf)) this.odd.add(path);
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Something that is in hand until it leaves. Leaving again changes nothing. */
export interface Held {
  leave(): void;
}

/** Whether it still is one of those in hand is told by `item`. */
class Link<T> implements Held {
  item: T | undefined;
  before: Link<T> | undefined;
  after: Link<T> | undefined;

  constructor(
    private readonly list: Links<T>,
    item: T,
  ) {
    this.item = item;
    this.after = list.first;
    if (list.first !== undefined) list.first.before = this;
    list.first = this;
    list.size += 1;
  }

  leave(): void {
    if (this.item === undefined) return;
    const { before, after, list } = this;
    if (before === undefined) list.first = after;
    else before.after = after;
    if (after !== undefined) after.before = before;
    list.size -= 1;
    this.item = this.before = this.after = undefined;
  }
}

interface Links<T> {
  first: Link<T> | undefined;
  size: number;
}

/**
 * What is in hand just now, of which much comes and goes: calls, deliveries. A list of links and not a `Set`: each table that a `Set` has
 * outgrown names the next one, and what was in hand when it did. Once the first of them is old, a collection of young garbage takes all
 * that for alive and copies it: calls that are long over, for ten milliseconds at a time.
 */
export class InHand<T extends object> {
  private readonly links: Links<T> = { first: undefined, size: 0 };

  get size(): number {
    return this.links.size;
  }

  /** Takes it in hand, once more if it is. */
  add(item: T): Held {
    return new Link(this.links, item);
  }

  /** Those in hand, the newest first; who leaves meanwhile is among them. */
  all(): readonly T[] {
    const found: T[] = [];
    for (let link = this.links.first; link !== undefined; link = link.after) if (link.item !== undefined) found.push(link.item);
    return found;
  }
}

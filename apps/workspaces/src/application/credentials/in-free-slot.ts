import type { Collection, IndexValue, Stored } from '@millrace/documents';
import type { DomainError } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import { isTaken } from '../is-taken';

/** Documents of which an owner has a limited number, each in a slot of its own: a unique index makes the limit hold, whoever comes at once. */
interface Slots<T> {
  readonly collection: Collection<T>;
  readonly owner: Readonly<Record<string, IndexValue>>;
  /** At most 200. */
  readonly most: number;
  make(slot: number): T;
  readonly events: readonly NewEvent[];
  full(): DomainError;
}

/** Inserts the document into the first free slot; refuses when there is none. */
export async function inFreeSlot<T extends { readonly slot: number }>(slots: Slots<T>): Promise<Stored<T>> {
  const { collection, owner, most, events } = slots;
  for (;;) {
    const { items } = await collection.page({ where: owner, limit: most });
    const taken = new Set(items.map(({ document }) => document.slot));
    const slot = Array.from({ length: most }, (_, index) => index + 1).find((each) => !taken.has(each));
    if (slot === undefined) throw slots.full();
    const inserted = await collection.insert(slots.make(slot), events).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
    });
    if (inserted !== undefined) return inserted;
  }
}

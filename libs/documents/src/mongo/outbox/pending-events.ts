import type { OutboxEntry } from '../../outbox';
import { holdsDocuments, type Kept, type KeptDocuments } from '../kept';
import type { Server } from '../server';
import { entryOf, numberOf, placeOfEntry, type EntryPlace } from './entry';

/** Some documents of one collection that have events to tell. */
interface Swept {
  readonly entries: readonly OutboxEntry[];
  /** Every entry of the collection up to this number is among them. */
  readonly complete: number;
  /** How many had not what they were found by. */
  readonly stale: number;
}

/** The events that stand in the documents of all collections, whoever wrote them. */
export class PendingEvents {
  constructor(private readonly server: Server) {}

  /** The oldest, in order. */
  async oldest(limit: number): Promise<readonly OutboxEntry[]> {
    for (;;) {
      const swept = await Promise.all((await this.collections()).map((name) => this.sweep(name, limit)));
      const complete = Math.min(...swept.map((each) => each.complete));
      const entries = swept
        .flatMap((each) => each.entries)
        .filter(({ id }) => numberOf(placeOfEntry(id).key) <= complete)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      if (entries.length > 0 || swept.every(({ stale }) => stale === 0)) return entries.slice(0, limit);
    }
  }

  /** The id of the newest of all. Looks at every one of them. */
  async newest(): Promise<string | undefined> {
    let newest: OutboxEntry | undefined;
    for (const name of await this.collections()) {
      for await (const kept of this.at(name).find({ oldest: { $exists: true } }, { projection: { pending: 1 } })) {
        const last = entriesOf(name, kept).at(-1);
        if (last !== undefined && (newest === undefined || last.id > newest.id)) newest = last;
      }
    }
    return newest?.id;
  }

  /** Takes events out of their documents. */
  async forget(ids: readonly string[]): Promise<void> {
    const places = Map.groupBy(ids.map(placeOfEntry), ({ collection }) => collection);
    await Promise.all(Array.from(places, ([name, each]) => this.forgetIn(name, each)));
  }

  /** The event of an entry as it is kept; undefined when it is gone. */
  async bytesOf(id: string): Promise<Uint8Array | undefined> {
    const { key, collection, document } = placeOfEntry(id);
    const kept = await this.at(collection).findOne({ _id: document }, { projection: { pending: 1 } });
    return kept?.pending[key]?.value();
  }

  private async forgetIn(name: string, places: readonly EntryPlace[]): Promise<void> {
    const byDocument = Map.groupBy(places, ({ document }) => document);
    const updates = Array.from(byDocument, ([_id, each]) => ({
      updateOne: { filter: { _id }, update: { $unset: Object.fromEntries(each.map(({ key }) => [`pending.${key}`, '' as const])) } },
    }));
    await this.at(name).bulkWrite(updates, { ordered: false });
    await this.tidy(name, [...byDocument.keys()]);
  }

  private async sweep(name: string, limit: number): Promise<Swept> {
    const found = await this.at(name)
      .find({ oldest: { $exists: true } }, { projection: { pending: 1, oldest: 1 } })
      .sort({ oldest: 1 })
      .limit(limit)
      .toArray();
    const stale = found.filter(isStale);
    await this.tidy(
      name,
      stale.map(({ _id }) => _id),
    );
    for (const { _id, oldest, pending } of stale) {
      const [first] = Object.keys(pending).sort();
      if (first !== undefined && oldest !== undefined)
        await this.at(name).updateOne({ _id, oldest }, { $set: { oldest: numberOf(first) } });
    }
    const complete = found.length < limit ? Number.POSITIVE_INFINITY : (found.at(-1)?.oldest ?? 0);
    return { entries: found.flatMap((kept) => entriesOf(name, kept)), complete, stale: stale.length };
  }

  /** Of these documents, those that have nothing to tell are no longer found here; those that are gone besides are removed. */
  private async tidy(name: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const told = { _id: { $in: [...ids] }, pending: {} };
    await this.at(name).updateMany({ ...told, body: { $exists: true } }, { $unset: { oldest: '' } });
    await this.at(name).deleteMany({ ...told, body: { $exists: false } });
  }

  private async collections(): Promise<readonly string[]> {
    return (await this.server.collections()).filter(holdsDocuments);
  }

  private at(name: string): KeptDocuments {
    return this.server.collection<Kept>(name);
  }
}

function entriesOf(collection: string, { _id, pending }: Pick<Kept, '_id' | 'pending'>): readonly OutboxEntry[] {
  const inOrder = Object.entries(pending).sort(([a], [b]) => (a < b ? -1 : 1));
  return inOrder.map(([key, event]) => entryOf({ key, collection, document: _id }, event));
}

function isStale({ oldest, pending }: Kept): boolean {
  const [first] = Object.keys(pending).sort();
  return first === undefined || numberOf(first) !== oldest;
}

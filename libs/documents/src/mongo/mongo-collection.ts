import type { Page } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import { Collection, type Changed, type CollectionSpec, type IndexValue, type PageQuery, type Stored } from '../collection';
import { documentMissing, documentTaken, documentTooLarge, revisionMismatch } from '../refusals';
import { fieldOf, parse, stateOf, valueOf, type Kept, type KeptDocuments, type State } from './kept';
import type { MongoPages } from './mongo-pages';
import type { MongoOutbox } from './outbox/mongo-outbox';
import type { Server } from './server';
import { Turns } from './turns';
import type { Outcome, Writes } from './writes';

/** What a collection stands on. */
export interface CollectionParts<T> {
  readonly server: Server;
  readonly kept: KeptDocuments;
  readonly writes: Writes;
  readonly pages: MongoPages<T>;
  readonly outbox: MongoOutbox;
}

interface Attempt<R> {
  readonly outcome: Outcome;
  readonly events: readonly NewEvent[];
  readonly answer: R;
}

// The server takes 16 MiB; the rest is room for index values and events.
const LARGEST_BODY = 15 * 1024 * 1024;
// A unique value that is taken, and by nobody when one looks, was given back meanwhile. Not again and again.
const TAKEN_AT_MOST = 5;

/**
 * A collection in MongoDB. Within a process the changes of one document take turns; between processes a change is saved only over the
 * write that it read, and starts over otherwise. The events of a change stand in the document itself, so that one update holds both.
 */
export class MongoCollection<T> extends Collection<T> {
  private readonly turns = new Turns();

  constructor(
    private readonly spec: CollectionSpec<T>,
    private readonly parts: CollectionParts<T>,
  ) {
    super();
  }

  find(id: string): Promise<Stored<T> | undefined> {
    return this.parts.server.use(async () => stored<T>(await this.parts.kept.findOne({ _id: id })));
  }

  async get(id: string): Promise<Stored<T>> {
    const found = await this.find(id);
    if (found === undefined) throw documentMissing(this.spec.name, id);
    return found;
  }

  async findBy(index: string, value: IndexValue): Promise<Stored<T> | undefined> {
    const declared = this.spec.indexes.some(({ name, unique }) => name === index && unique === true);
    if (!declared) throw new Error(`"${this.spec.name}" declares no unique index "${index}".`);
    const kept = typeof value === 'boolean' ? Number(value) : value;
    return this.parts.server.use(async () => stored<T>(await this.parts.kept.findOne({ [fieldOf(index)]: kept })));
  }

  insert(document: T, events: readonly NewEvent[] = []): Promise<Stored<T>> {
    const id = this.spec.id(document);
    return this.untilSaved(id, async () => {
      const state = this.stateOf(id, document);
      const there = await this.parts.kept.findOne({ _id: id });
      if (there?.body !== undefined) throw documentTaken(this.spec.name, 'id', id);
      const { writes } = this.parts;
      const outcome = await (there === null ? writes.create(id, state, events) : writes.replace(there, state, 1, events));
      if (outcome === 'taken') await this.refuseTaken(id, document);
      return { outcome, events, answer: { document, revision: 1 } };
    });
  }

  update(id: string, change: (document: T, revision: number) => Changed<T>, expected?: number): Promise<Stored<T> | undefined> {
    return this.untilSaved<Stored<T> | undefined>(id, async () => {
      const there = await this.parts.kept.findOne({ _id: id });
      const before = stored<T>(there);
      if (there === null || before === undefined) throw documentMissing(this.spec.name, id);
      if (expected !== undefined && expected !== before.revision) throw revisionMismatch(this.spec.name, id, before.revision);
      const { document, events } = change(before.document, before.revision);
      if (document !== null) return this.replace(there, document, events);
      return { outcome: await this.parts.writes.remove(there, events), events, answer: undefined };
    });
  }

  page(query: PageQuery): Promise<Page<Stored<T>>> {
    return this.parts.server.use(() => this.parts.pages.read(query));
  }

  count(where: NonNullable<PageQuery['where']>): Promise<number> {
    return this.parts.server.use(() => this.parts.pages.count(where));
  }

  private async replace(there: Kept, document: T, events: readonly NewEvent[]): Promise<Attempt<Stored<T>>> {
    const id = this.spec.id(document);
    if (id !== there._id) throw new Error(`A change of "${there._id}" in "${this.spec.name}" gave the document another id.`);
    const state = this.stateOf(id, document);
    if (events.length === 0 && state.body === there.body) {
      return { outcome: 'saved', events, answer: { document, revision: there.revision } };
    }
    const revision = there.revision + 1;
    const outcome = await this.parts.writes.replace(there, state, revision, events);
    if (outcome === 'taken') await this.refuseTaken(id, document);
    return { outcome, events, answer: { document, revision } };
  }

  /** Waits for its turn at the document, and tries until nobody comes first. */
  private untilSaved<R>(id: string, attempt: () => Promise<Attempt<R>>): Promise<R> {
    return this.parts.server.use(() =>
      this.turns.run(id, async () => {
        for (let taken = 0; taken < TAKEN_AT_MOST;) {
          const { outcome, events, answer } = await attempt();
          if (outcome === 'taken') taken += 1;
          if (outcome !== 'saved') continue;
          if (events.length > 0) this.parts.outbox.wrote();
          return answer;
        }
        throw new Error(`"${id}" in "${this.spec.name}" has a unique value that is taken, and no document has it: look at the indexes.`);
      }),
    );
  }

  /** Says which unique value belongs to another document, if one still does. */
  private async refuseTaken(id: string, document: T): Promise<void> {
    for (const index of this.spec.indexes.filter(({ unique }) => unique === true)) {
      const value = valueOf(index, document);
      if (value === undefined) continue;
      const holder = await this.parts.kept.findOne({ [fieldOf(index.name)]: value, _id: { $ne: id } }, { projection: { _id: 1 } });
      if (holder !== null) throw documentTaken(this.spec.name, index.name, value);
    }
  }

  private stateOf(id: string, document: T): State {
    const state = stateOf(this.spec, document, JSON.stringify(document));
    if (Buffer.byteLength(state.body) > LARGEST_BODY) throw documentTooLarge(this.spec.name, id);
    return state;
  }
}

function stored<T>(kept: Kept | null): Stored<T> | undefined {
  return kept === null ? undefined : parse<T>(kept);
}

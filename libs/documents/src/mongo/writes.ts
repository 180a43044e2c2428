import type { NewEvent } from '@millrace/messaging';
import { mongo } from 'mongoose';
import type { Kept, KeptDocuments, Pending, State } from './kept';
import type { MongoOutbox } from './outbox/mongo-outbox';
import { isDuplicate } from './server';

/** What became of a write. `late`: another write came first; `taken`: a unique value, or the id, belongs to another document. */
export type Outcome = 'saved' | 'late' | 'taken';

/**
 * The writes of one collection: each is one update of one document, with the events that tell of it. A write over a state is made only
 * if that is still the state. Events are numbered after the state was read, so numbers grow along the writes of a document.
 */
export class Writes {
  constructor(
    private readonly kept: KeptDocuments,
    private readonly outbox: MongoOutbox,
  ) {}

  async create(id: string, state: State, events: readonly NewEvent[]): Promise<Outcome> {
    const { pending, oldest } = await this.outbox.number(events);
    const told = oldest === undefined ? {} : { oldest };
    return outcomeOf(async () => {
      await this.kept.insertOne({ _id: id, write: new mongo.ObjectId(), revision: 1, ...state, pending, ...told });
      return true;
    });
  }

  async replace({ _id, write }: Kept, state: State, revision: number, events: readonly NewEvent[]): Promise<Outcome> {
    const { pending, oldest } = await this.outbox.number(events);
    const set = { write: new mongo.ObjectId(), revision, ...state, ...fieldsOf(pending) };
    const told = oldest === undefined ? {} : { $min: { oldest } };
    return outcomeOf(async () => (await this.kept.updateOne({ _id, write }, { $set: set, ...told })).matchedCount === 1);
  }

  /** What has still to be told keeps the place of the document until it was; nobody sees that. */
  async remove({ _id, write, pending }: Kept, events: readonly NewEvent[]): Promise<Outcome> {
    if (events.length === 0 && Object.keys(pending).length === 0) {
      return (await this.kept.deleteOne({ _id, write })).deletedCount === 1 ? 'saved' : 'late';
    }
    const { pending: added, oldest } = await this.outbox.number(events);
    // Even without events of its own: what is found and has nothing to tell is tidied away.
    const found = { oldest: oldest ?? Number.MAX_SAFE_INTEGER };
    const change = { $set: { write: new mongo.ObjectId(), ...fieldsOf(added) }, $unset: GONE, $min: found };
    return (await this.kept.updateOne({ _id, write }, change)).matchedCount === 1 ? 'saved' : 'late';
  }
}

const GONE = { body: '', index: '', shape: '' } as const;

function fieldsOf(pending: Pending): Record<string, mongo.Binary> {
  return Object.fromEntries(Object.entries(pending).map(([key, event]) => [`pending.${key}`, event]));
}

async function outcomeOf(write: () => Promise<boolean>): Promise<Outcome> {
  try {
    return (await write()) ? 'saved' : 'late';
  } catch (error) {
    if (isDuplicate(error)) return 'taken';
    throw error;
  }
}

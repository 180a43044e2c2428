import { Documents, type Collection, type CollectionSpec } from '../collection';
import { buildIndexes } from './indexes';
import { placeOf, type Kept } from './kept';
import { MongoCollection } from './mongo-collection';
import { MongoPages } from './mongo-pages';
import { MongoOutbox } from './outbox/mongo-outbox';
import { Server } from './server';
import { Writes } from './writes';

/** Which database, and how patient to be with its server. */
export interface MongoDocumentsOptions {
  /** `mongodb://…` or `mongodb+srv://…`, with user and password if the server wants them. */
  readonly url: string;
  /** One of its own for each service; its processes share it. */
  readonly database: string;
  /** Milliseconds to look for a server; what was sent is given up after three times as long. Default: 5 s. */
  readonly patience?: number;
  /** Milliseconds after which another process may tell of what is written when the one that does is silent. Default: 5 s. */
  readonly lease?: number;
}

interface Opened {
  readonly spec: object;
  readonly collection: Promise<unknown>;
}

const PATIENCE = 5_000;
const LEASE = 5_000;

/**
 * The documents of one service in one database of MongoDB, shared by the processes of the service. Needs no transactions and no change
 * streams: docs/adr/0028.
 */
export class MongoDocuments extends Documents {
  readonly outbox: MongoOutbox;
  private readonly opened = new Map<string, Opened>();

  private constructor(
    private readonly server: Server,
    lease: number,
  ) {
    super();
    this.outbox = new MongoOutbox(server, lease);
  }

  /** Connects. `documents.unavailable` when no server answers in time. */
  static async open({ url, database, patience = PATIENCE, lease = LEASE }: MongoDocumentsOptions): Promise<MongoDocuments> {
    return new MongoDocuments(await Server.connect({ url, database, patience }), lease);
  }

  collection<T>(spec: CollectionSpec<T>): Promise<Collection<T>> {
    return this.server.use(async () => {
      const known = this.opened.get(spec.name);
      if (known !== undefined) {
        if (known.spec !== spec) throw new Error(`The collection "${spec.name}" is open already, with another spec.`);
        return (await known.collection) as Collection<T>;
      }
      const collection = this.opening(spec);
      this.opened.set(spec.name, { spec, collection });
      return collection.catch((error: unknown) => {
        this.opened.delete(spec.name);
        throw error;
      });
    });
  }

  close(): Promise<void> {
    return this.server.close(() => this.outbox.close());
  }

  private async opening<T>(spec: CollectionSpec<T>): Promise<Collection<T>> {
    const { server, outbox } = this;
    const kept = server.collection<Kept>(placeOf(spec.name));
    await buildIndexes(kept, spec);
    return new MongoCollection(spec, { server, kept, outbox, writes: new Writes(kept, outbox), pages: new MongoPages(kept, spec) });
  }
}

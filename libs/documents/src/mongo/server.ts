import { createConnection, mongo, type Connection } from 'mongoose';
import { documentsClosed, documentsUnavailable } from '../refusals';
import { bounded, within, type Guard } from './bounded';
import { Heartbeats } from './heartbeats';

/** What to connect to. */
export interface ServerOptions {
  /** `mongodb://…` or `mongodb+srv://…`, with user and password if the server wants them. */
  readonly url: string;
  readonly database: string;
  /** How long to look for a server, in milliseconds; what was sent is given up after three times as long. */
  readonly patience: number;
}

// Of a server that stops, has lost its primary, could not bring a write to a majority in time, or does not let us in.
const PASSING = new Set([13, 18, 50, 64, 91, 100, 189, 10107, 11600, 11602, 13435, 13436]);
const AWAY = new Set([
  ...['MongooseServerSelectionError', 'MongoNotConnectedError', 'MongoServerClosedError', 'MongoTopologyClosedError'],
  ...['MongoClientClosedError', 'MongoWaitQueueTimeoutError', 'MongoPoolClosedError'],
]);
const DUPLICATE = 11_000;
const CONNECTIONS = 20;
/** How often the driver may be patient for one answer: it asks twice, and each time looks for a server, waits for a connection and for the answer. */
const PATIENCES = 15;

/**
 * A database, asked with care: what was acknowledged is on a majority and in its journal, what is read will not be rolled back, a
 * server that is away is `documents.unavailable` within a bounded time. It is looked for again by itself.
 */
export class Server {
  private readonly running = new Set<Promise<unknown>>();
  private closing: Promise<void> | undefined;

  /** `longest`: milliseconds for an answer of the driver. */
  private constructor(
    private readonly connection: Connection,
    private readonly heartbeats: Heartbeats,
    private readonly longest: number,
  ) {}

  /** `documents.unavailable` when nobody answers in time. */
  static async connect({ url, database, patience }: ServerOptions): Promise<Server> {
    const connection = createConnection(url, {
      dbName: database,
      autoCreate: false,
      autoIndex: false,
      bufferCommands: false,
      maxPoolSize: CONNECTIONS,
      serverSelectionTimeoutMS: patience,
      connectTimeoutMS: patience,
      waitQueueTimeoutMS: 3 * patience,
      socketTimeoutMS: 3 * patience,
      writeConcern: { w: 'majority', journal: true },
      readConcernLevel: 'majority',
    });
    const longest = PATIENCES * patience;
    try {
      await within(longest, connection.asPromise(), noAnswer);
      return new Server(connection, new Heartbeats(connection.getClient(), 3 * patience), longest);
    } catch (error) {
      await within(longest, connection.close(), noAnswer).catch(() => undefined);
      throw translated(error);
    }
  }

  collection<T extends mongo.Document>(name: string): mongo.Collection<T> {
    return bounded(this.database.collection<T>(name), this.guard);
  }

  /** The names of its collections. */
  async collections(): Promise<readonly string[]> {
    const found = await bounded(this.database.listCollections({}, { nameOnly: true }), this.guard).toArray();
    return found.map(({ name }) => name);
  }

  /** Does something with the server. Refused with `documents.closed` after close. */
  async use<R>(work: () => Promise<R>): Promise<R> {
    if (this.closing !== undefined) throw documentsClosed();
    const done = this.heartbeats.renewed().then(work);
    this.running.add(done);
    try {
      return await done;
    } catch (error) {
      throw translated(error);
    } finally {
      this.running.delete(done);
    }
  }

  /** Waits for what is being done, then for `last`, and lets go of the server. */
  close(last: () => Promise<void>): Promise<void> {
    this.closing ??= this.finish(last);
    return this.closing;
  }

  private async finish(last: () => Promise<void>): Promise<void> {
    await Promise.allSettled(this.running);
    await last().catch(() => undefined);
    await within(this.longest, this.connection.close(), noAnswer).catch(() => undefined);
  }

  private readonly guard: Guard = (answer) =>
    within(this.longest, answer, () => {
      this.heartbeats.doubt();
      return noAnswer();
    });

  private get database(): mongo.Db {
    const { db } = this.connection;
    if (db === undefined) throw documentsUnavailable('no connection');
    return db;
  }
}

function noAnswer(): Error {
  return documentsUnavailable('no answer');
}

/** Whether a write was refused because a unique value is taken. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE;
}

function translated(error: unknown): unknown {
  return error instanceof Error && isAway(error) ? documentsUnavailable(reasonOf(error)) : error;
}

function isAway(error: Error): boolean {
  if (error instanceof mongo.MongoServerError) {
    return error instanceof mongo.MongoWriteConcernError || (typeof error.code === 'number' && PASSING.has(error.code));
  }
  return error instanceof mongo.MongoNetworkError || error instanceof mongo.MongoSystemError || AWAY.has(error.name);
}

/** What kind of failure it was. Never its own words: they hold addresses. */
function reasonOf(error: Error): string {
  const named = error instanceof mongo.MongoServerError ? (error['codeName'] as unknown) : undefined;
  return typeof named === 'string' ? named : error.name;
}

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { documentsClosed } from '../refusals';

const LARGEST_GROUP = 1_000;

interface Write {
  /** Does the work; answers how to tell the caller once the group is durable. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The way into the file. Reads happen at once and see what is committed. Writes of one event-loop turn share one transaction, so one
 * sync of the disk: a write that throws is undone alone, a commit that fails fails them all, nothing is told before the commit.
 */
export class Store {
  private waiting: Write[] = [];
  private readonly afterwards = new Set<() => void>();
  private closed = false;
  private readonly begin: StatementSync;
  private readonly commit: StatementSync;
  private readonly savepoint: StatementSync;
  private readonly release: StatementSync;

  constructor(private readonly database: DatabaseSync) {
    this.begin = database.prepare('BEGIN IMMEDIATE');
    this.commit = database.prepare('COMMIT');
    this.savepoint = database.prepare('SAVEPOINT one_write');
    this.release = database.prepare('RELEASE one_write');
  }

  /** Runs `work`, which writes nothing. */
  async read<T>(work: () => T): Promise<T> {
    if (this.closed) throw documentsClosed();
    return work();
  }

  /** Runs `work` in the turn's transaction; resolves with its result when that is durable. `work` must not wait for anything. */
  write<T>(work: () => T): Promise<T> {
    if (this.closed) return Promise.reject(documentsClosed());
    return new Promise<T>((resolve, reject) => {
      const run = (): (() => void) => {
        const result = work();
        return () => {
          resolve(result);
        };
      };
      this.waiting.push({ run, reject });
      if (this.waiting.length === 1) setImmediate(() => this.flush());
    });
  }

  /** For a `work` to say what to call when its group is durable; once, however many of the group say so. */
  onceDurable(call: () => void): void {
    this.afterwards.add(call);
  }

  /** Writes what is waiting, takes nothing more and lets go of the file. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    while (this.waiting.length > 0) this.flush();
    this.database.close();
  }

  private flush(): void {
    const group = this.waiting.splice(0, LARGEST_GROUP);
    if (group.length === 0) return;
    if (this.waiting.length > 0) setImmediate(() => this.flush());
    try {
      this.begin.run();
      const told = group.map((write) => this.attempt(write));
      this.commit.run();
      for (const tell of [...told, ...this.afterwards]) tell();
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      for (const { reject } of group) reject(error);
    }
    this.afterwards.clear();
  }

  private attempt({ run, reject }: Write): () => void {
    this.savepoint.run();
    try {
      const tell = run();
      this.release.run();
      return tell;
    } catch (error) {
      // A full or failing disk ends the whole transaction.
      if (!this.database.isTransaction) throw error;
      this.database.exec('ROLLBACK TO one_write; RELEASE one_write');
      return () => {
        reject(error);
      };
    }
  }
}

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { DomainError } from '@millrace/kernel';

/** Weight after which a transaction is closed and the event loop gets its turn. */
const HEAVIEST_GROUP = 1_000;

interface Write {
  readonly weight: number;
  /** Does the write; answers what to do once it is durable. */
  run(): () => void;
  reject(error: unknown): void;
}

export interface GroupCommitHooks {
  /** What a caller is told when the store itself broke. */
  refusal(error: unknown): Error;
  /** After a rolled back transaction: forget what it made you remember. */
  onRollback(): void;
}

/** Puts the writes of one event-loop turn into one transaction: one fsync for all of them. Writes keep their order. */
export class GroupCommit {
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #waiting: Write[] = [];
  #turn: NodeJS.Immediate | undefined;

  constructor(
    private readonly db: DatabaseSync,
    private readonly hooks: GroupCommitHooks,
  ) {
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /**
   * Runs `write` with the others of this turn; resolves with its result once that is durable, right after `onDurable`. A write may
   * refuse with a DomainError, which fails it alone, but only before it changed anything.
   */
  run<T>(write: () => T, onDurable?: (result: T) => void, weight = 1): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = (): (() => void) => {
        const result = write();
        return () => {
          try {
            onDurable?.(result);
            resolve(result);
          } catch (fault) {
            reject(fault);
          }
        };
      };
      this.#waiting.push({ weight, run, reject });
      this.#turn ??= setImmediate(() => this.#flushGroup());
    });
  }

  /** Commits all that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#flushGroup();
  }

  #flushGroup(): void {
    clearImmediate(this.#turn);
    const group = this.#takeGroup();
    this.#turn = this.#waiting.length === 0 ? undefined : setImmediate(() => this.#flushGroup());
    let settle: readonly (() => void)[];
    try {
      settle = this.#transact(group);
    } catch (error) {
      const refusal = this.#undo(error);
      settle = group.map((write) => () => write.reject(refusal));
    }
    for (const done of settle) done();
  }

  /** A store too broken to answer even that is no reason to leave callers waiting. */
  #undo(error: unknown): unknown {
    try {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      this.hooks.onRollback();
      return this.hooks.refusal(error);
    } catch {
      return error;
    }
  }

  #takeGroup(): readonly Write[] {
    let weight = 0;
    const end = this.#waiting.findIndex((write) => (weight += write.weight) >= HEAVIEST_GROUP);
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end + 1);
  }

  #transact(group: readonly Write[]): readonly (() => void)[] {
    this.#begin.run();
    const settle = group.map((write) => {
      try {
        return write.run();
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        return () => write.reject(error);
      }
    });
    this.#commit.run();
    return settle;
  }
}

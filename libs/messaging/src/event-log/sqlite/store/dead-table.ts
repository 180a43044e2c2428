import type { DatabaseSync } from 'node:sqlite';
import { Statement } from '../../../sqlite/statement';

/** A dead letter as it is kept: the event as bytes, with its place in the log it came from. */
export interface StoredLetter {
  readonly seq: number;
  readonly epoch: string;
  readonly offset: number;
  readonly recordedAt: number;
  readonly body: Uint8Array;
  readonly reason: string;
  readonly attempts: number;
  readonly firstFailedAt: number;
  readonly lastFailedAt: number;
}

export type NewLetter = Omit<StoredLetter, 'seq'>;

const COLUMNS = `seq, epoch, offset, recorded_at AS recordedAt, body, reason, attempts, first_failed_at AS firstFailedAt,
  last_failed_at AS lastFailedAt`;

/** The statements on the dead letters. */
export class DeadTable {
  readonly #put;
  readonly #list;
  readonly #get;
  readonly #redriving;
  readonly #markRedriving;
  readonly #failAgain;
  readonly #delete;
  readonly #overwrite;

  constructor(db: DatabaseSync) {
    this.#put = new Statement(
      db,
      `INSERT INTO dead(durable, epoch, offset, recorded_at, body, reason, attempts, first_failed_at, last_failed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT(durable, epoch, offset) DO UPDATE SET reason = excluded.reason, attempts = excluded.attempts,
         last_failed_at = excluded.last_failed_at`,
    );
    this.#list = new Statement<StoredLetter>(db, `SELECT ${COLUMNS} FROM dead WHERE durable = ? AND seq > ? ORDER BY seq LIMIT ?`);
    this.#get = new Statement<StoredLetter>(db, `SELECT ${COLUMNS} FROM dead WHERE durable = ? AND seq = ?`);
    this.#redriving = new Statement<StoredLetter>(db, `SELECT ${COLUMNS} FROM dead WHERE durable = ? AND redriving = 1 ORDER BY seq`);
    this.#markRedriving = new Statement(db, 'UPDATE dead SET redriving = 1 WHERE durable = ? AND seq = ?');
    this.#failAgain = new Statement(
      db,
      'UPDATE dead SET redriving = 0, reason = ?, attempts = ?, last_failed_at = ? WHERE durable = ? AND seq = ?',
    );
    this.#delete = new Statement(db, 'DELETE FROM dead WHERE durable = ? AND seq = ?');
    this.#overwrite = new Statement(db, 'UPDATE dead SET body = ? WHERE epoch = ? AND offset = ?');
  }

  put(durable: string, letter: NewLetter): void {
    const { epoch, offset, recordedAt, body, reason, attempts, firstFailedAt, lastFailedAt } = letter;
    this.#put.run(durable, epoch, offset, recordedAt, body, reason, attempts, firstFailedAt, lastFailedAt);
  }

  /** Oldest first. */
  list(durable: string, after: number, limit: number): readonly StoredLetter[] {
    return this.#list.all(durable, after, limit);
  }

  get(durable: string, seq: number): StoredLetter | undefined {
    return this.#get.get(durable, seq);
  }

  /** Those on their way to the handler once more. */
  redriving(durable: string): readonly StoredLetter[] {
    return this.#redriving.all(durable);
  }

  /** False: no such letter. */
  markRedriving(durable: string, seq: number): boolean {
    return this.#markRedriving.run(durable, seq) > 0;
  }

  failAgain(durable: string, seq: number, failure: Pick<StoredLetter, 'reason' | 'attempts' | 'lastFailedAt'>): void {
    this.#failAgain.run(failure.reason, failure.attempts, failure.lastFailedAt, durable, seq);
  }

  /** False: no such letter. */
  delete(durable: string, seq: number): boolean {
    return this.#delete.run(durable, seq) > 0;
  }

  overwrite(epoch: string, offset: number, body: Uint8Array): void {
    this.#overwrite.run(body, epoch, offset);
  }
}

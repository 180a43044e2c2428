import { setImmediate } from 'node:timers/promises';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Milliseconds for which what was removed may stand in pages that nothing uses. */
const LATEST = 3_600_000;
/** Pages that are overwritten before the event loop gets its turn. */
const IN_A_TURN = 256;
/** Bytes of each page that hold the number of the next. */
const LINK = 4;
/** Bytes that lie in the table itself: with so many, SQLite fills every other page to its end, and leaves nothing in the last. */
const BESIDE = 600;

/**
 * What was removed still stands in pages that became free, until something else is written there: `secure_delete = FAST` leaves it. To overwrite
 * it with each removal would have every writer write twice, so this is done for all of them at once, now and then.
 */
export class FreePages {
  readonly #free: StatementSync;
  readonly #fill: StatementSync;
  readonly #give: StatementSync;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    db: DatabaseSync,
    private readonly latest = LATEST,
  ) {
    db.exec('CREATE TABLE IF NOT EXISTS filler(zeros BLOB NOT NULL)');
    this.#free = db.prepare('SELECT freelist_count AS pages, page_size AS size FROM pragma_freelist_count, pragma_page_size');
    this.#fill = db.prepare('INSERT INTO filler VALUES (zeroblob(?))');
    this.#give = db.prepare('DELETE FROM filler WHERE rowid = (SELECT min(rowid) FROM filler)');
  }

  /** Something was removed: within `latest` milliseconds, an hour, nothing is left of it. */
  expect(): void {
    this.#timer ??= setTimeout(() => void this.#inTurns(), this.latest).unref();
  }

  /** Overwrites all of them, now, and never again. Must not run inside a transaction. */
  close(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    while (this.#take());
    while (this.#giveBack());
  }

  async #inTurns(): Promise<void> {
    try {
      while (!this.#stopped && this.#take()) await setImmediate();
      while (!this.#stopped && this.#giveBack()) await setImmediate();
    } catch {
      // The disk is full, say: whatever is removed next has it tried again.
    } finally {
      this.#timer = undefined;
    }
  }

  /** Has zeros written to some; answers whether there are more. */
  #take(): boolean {
    const { pages, size } = this.#free.get() as { pages: number; size: number };
    const some = Math.min(pages, IN_A_TURN);
    if (some > 0) this.#fill.run(some * (size - LINK) + BESIDE);
    return pages > some;
  }

  #giveBack(): boolean {
    return Number(this.#give.run().changes) > 0;
  }
}

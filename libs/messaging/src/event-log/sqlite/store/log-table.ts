import type { DatabaseSync } from 'node:sqlite';
import { Statement } from '../../../sqlite/statement';

export interface LogRow {
  readonly offset: number;
  readonly workspace: string;
  readonly type: string;
  readonly key: string | null;
  readonly recorded_at: number;
  readonly body: Uint8Array;
}

export interface NewRow {
  readonly workspace: string;
  readonly id: string;
  readonly type: string;
  readonly lane: number;
  readonly key: string | undefined;
  readonly body: Uint8Array;
}

const COLUMNS = 'offset, workspace, type, key, recorded_at, body';

/** The statements on the events. */
export class LogTable {
  readonly #insert;
  readonly #find;
  readonly #page;
  readonly #at;
  readonly #first;
  readonly #last;
  readonly #pages;
  readonly #free;
  readonly #overwrite;
  readonly #delete;

  constructor(db: DatabaseSync) {
    this.#insert = new Statement(
      db,
      'INSERT INTO log(offset, workspace, id, type, lane, key, recorded_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(workspace, id) DO NOTHING',
    );
    this.#find = new Statement<LogRow>(db, `SELECT ${COLUMNS} FROM log WHERE workspace = ? AND id = ?`);
    this.#page = new Statement<LogRow>(db, `SELECT ${COLUMNS} FROM log WHERE offset > ? ORDER BY offset LIMIT ?`);
    this.#at = new Statement<LogRow>(db, `SELECT ${COLUMNS} FROM log WHERE offset = ?`);
    this.#first = new Statement<{ readonly offset: number | null }>(db, 'SELECT min(offset) AS offset FROM log');
    this.#last = new Statement<{ readonly offset: number }>(
      db,
      "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'log'), 0), coalesce((SELECT max(offset) FROM log), 0)) AS offset",
    );
    this.#pages = new Statement<{ readonly bytes: number }>(
      db,
      'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
    );
    this.#free = new Statement<{ readonly bytes: number }>(
      db,
      'SELECT freelist_count * page_size AS bytes FROM pragma_freelist_count, pragma_page_size',
    );
    this.#overwrite = new Statement(db, 'UPDATE log SET body = ? WHERE offset = ?');
    this.#delete = new Statement(db, 'DELETE FROM log WHERE offset IN (SELECT offset FROM log WHERE offset < ? ORDER BY offset LIMIT ?)');
  }

  /** False: the workspace has an event of this id already. */
  insert(offset: number, recordedAt: number, row: NewRow): boolean {
    return this.#insert.run(offset, row.workspace, row.id, row.type, row.lane, row.key ?? null, recordedAt, row.body) > 0;
  }

  find(workspace: string, id: string): LogRow | undefined {
    return this.#find.get(workspace, id);
  }

  page(after: number, limit: number): readonly LogRow[] {
    return this.#page.all(after, limit);
  }

  at(offset: number): LogRow | undefined {
    return this.#at.get(offset);
  }

  /** The offset of the oldest event; undefined when there is none. */
  first(): number | undefined {
    return this.#first.get()?.offset ?? undefined;
  }

  /** The offset given last, whether or not that event is still there; 0 before the first. */
  last(): number {
    return this.#last.get()?.offset ?? 0;
  }

  /** What the file holds, without the pages free to be used again. */
  bytes(): number {
    return (this.#pages.get()?.bytes ?? 0) - (this.#free.get()?.bytes ?? 0);
  }

  overwrite(offset: number, body: Uint8Array): void {
    this.#overwrite.run(body, offset);
  }

  /** Deletes the oldest `limit` events before `before`; answers how many there were. */
  deleteBefore(before: number, limit: number): number {
    return this.#delete.run(before, limit);
  }
}

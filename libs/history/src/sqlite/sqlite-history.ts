import { setImmediate } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { LoggedEvent, StoreFileOptions } from '@millrace/messaging';
import {
  History,
  type AggregateBucket,
  type AggregateQuery,
  type HistoryPage,
  type HistoryQuery,
  type ItemResult,
  type WideQuery,
} from '../history';
import { cannotBeKept, LATEST } from '../record';
import { checkLimit, pageOf } from '../page';
import { historyClosed } from '../refusals';
import { Tally } from '../tally';
import { Appender } from './appender';
import { counting } from './counting';
import { entryOf, type Entry } from './entry';
import { openDatabase } from './open-database';
import { firstPlace } from './place';
import { Rows } from './rows';
import { Scan, type Selection } from './scan';
import { COLUMNS, eventOf } from './stored-event';
import { predicateOf } from './viewer';

const REMOVED_IN_A_TURN = 200;
const ADDED_IN_A_TURN = 32;

/** `durability`: default `safe`. As that of the log, or the log forgets what history has lost. */
export interface SqliteHistoryOptions extends Partial<StoreFileOptions> {
  readonly path: string;
}

/**
 * The history of events in one SQLite file, owned by one process. Rows lie in the order of history, so a search reads from a point on
 * and stops when the page is full; equality of any field, types and words are found by a full-text index; whatever else a filter says is
 * asked of each event that is left, by the same predicate that live delivery uses.
 */
export class SqliteHistory extends History {
  private readonly rows: Rows;
  private readonly appender: Appender;
  private readonly scan: Scan;

  private constructor(private readonly database: DatabaseSync) {
    super();
    this.rows = new Rows(database);
    this.appender = new Appender(database, this.rows);
    this.scan = new Scan(database, this.rows);
  }

  /** Opens the file, creating it and its folder when new. `history.in_use` while another process has it. */
  static async open({ path, ...options }: SqliteHistoryOptions): Promise<SqliteHistory> {
    return new SqliteHistory(openDatabase(path, { durability: 'safe', ...options }));
  }

  async append(events: readonly LoggedEvent[]): Promise<readonly ItemResult[]> {
    this.requireOpen();
    const entries: Entry[] = [];
    const results = events.map((event): ItemResult => {
      try {
        entries.push(entryOf(event));
        return { kind: 'stored' };
      } catch (error) {
        return cannotBeKept(error);
      }
    });
    await this.add(entries);
    return results;
  }

  async get(workspaceId: string, id: string): Promise<LoggedEvent | undefined> {
    this.requireOpen();
    const row = this.rows.find(workspaceId, id);
    return row === undefined ? undefined : eventOf(row);
  }

  search(query: HistoryQuery): Promise<HistoryPage> {
    return this.page(query);
  }

  searchWidely(query: WideQuery): Promise<HistoryPage> {
    return this.page({ ...query, workspaceId: undefined });
  }

  private async page(query: Selection & { readonly limit: number }): Promise<HistoryPage> {
    const { limit, where } = query;
    this.requireOpen();
    checkLimit(limit);
    const fits = predicateOf(where);
    const found: LoggedEvent[] = [];
    await this.scan.walk(query, COLUMNS, (row) => {
      if (fits(row)) found.push(eventOf(row));
      return found.length <= limit;
    });
    return pageOf(found, limit);
  }

  async aggregate(query: AggregateQuery): Promise<readonly AggregateBucket[]> {
    const { by, signal } = query;
    this.requireOpen();
    const tally = new Tally();
    const { columns, valuesOf } = counting(query);
    await this.scan.walk({ ...query, sort: 'oldest' }, columns, (row) => {
      signal?.throwIfAborted();
      for (const value of valuesOf(row)) tally.add(value);
      return true;
    });
    return 'every' in by ? tally.inOrder() : tally.mostFirst(by.limit);
  }

  async workspaces(): Promise<readonly string[]> {
    this.requireOpen();
    // `lags` has every workspace that ever had an event.
    const there = 'SELECT workspace FROM lags l WHERE EXISTS (SELECT 1 FROM events WHERE workspace = l.workspace) ORDER BY workspace';
    return this.database
      .prepare(there)
      .all()
      .map(({ workspace }) => String(workspace));
  }

  async drop(workspaceId: string, before: number): Promise<number> {
    this.requireOpen();
    const oldest = this.database.prepare('SELECT place FROM events WHERE workspace = ? AND place < ? ORDER BY place LIMIT ?');
    oldest.setReadBigInts(true);
    let dropped = 0;
    for (;;) {
      const places = oldest.all(workspaceId, firstPlace(Math.min(Math.max(before, 0), LATEST)), REMOVED_IN_A_TURN);
      if (places.length === 0) return dropped;
      this.transaction(() => {
        for (const { place } of places) this.rows.remove(place as bigint);
      });
      dropped += places.length;
      await setImmediate();
      this.requireOpen();
    }
  }

  async remove(workspaceId: string, ids: readonly string[]): Promise<number> {
    this.requireOpen();
    let removed = 0;
    for (let from = 0; from < ids.length; from += REMOVED_IN_A_TURN) {
      if (from > 0) await setImmediate();
      this.requireOpen();
      this.transaction(() => {
        for (const id of ids.slice(from, from + REMOVED_IN_A_TURN)) removed += this.rows.forget(workspaceId, id) ? 1 : 0;
      });
    }
    return removed;
  }

  async close(): Promise<void> {
    if (this.database.isOpen) this.database.close();
  }

  /** In turns, so that whoever else works in this process is not held up by a large bulk. */
  private async add(entries: readonly Entry[]): Promise<void> {
    for (let from = 0; from < entries.length; from += ADDED_IN_A_TURN) {
      if (from > 0) await setImmediate();
      this.requireOpen();
      this.transaction(() => this.appender.add(entries.slice(from, from + ADDED_IN_A_TURN)));
    }
  }

  private transaction(work: () => void): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  private requireOpen(): void {
    if (!this.database.isOpen) throw historyClosed();
  }
}

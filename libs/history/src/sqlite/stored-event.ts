import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LoggedEvent } from '@millrace/messaging';
import { eventFrom } from '../record';
import { recordedAtOf } from './place';

/** The columns that an event is read from, of the table `events` called `e`. */
export const COLUMNS = 'e.place, e.epoch, e.log_offset, e.envelope, e.payload';

/** A row as SQLite answers it, whole numbers as bigint. */
export type Row = Readonly<Record<string, unknown>>;

/** Prepares a statement that answers whole numbers as bigint: places and offsets do not fit a number. */
export function prepareExact(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  return statement;
}

/** Reads an event from a row. */
export function eventOf(row: Row): LoggedEvent {
  return eventFrom(String(row['envelope']), {
    payload: row['payload'] as Uint8Array,
    position: { epoch: String(row['epoch']), offset: row['log_offset'] as bigint },
    recordedAt: recordedAtOf(row['place'] as bigint),
  });
}

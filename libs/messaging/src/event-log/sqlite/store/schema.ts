import type { DatabaseSync } from 'node:sqlite';
import { DomainError } from '@millrace/kernel';
import { Statement } from '../../../sqlite/statement';
import { firstEpoch } from './identity';

const VERSION = 1;

/**
 * `log`: the events. `durables`: what each consumer has taken – all up to `frontier` is done, but for the rows it has in `inflight` –
 * and whether its last run ended in order.
 * `dead`: copies of the events a consumer gave up. `meta`: which log this is.
 */
const TABLES = `
  CREATE TABLE IF NOT EXISTS meta(epoch TEXT NOT NULL, schema INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS log(
    offset INTEGER PRIMARY KEY AUTOINCREMENT, workspace TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, lane INTEGER NOT NULL,
    key TEXT, recorded_at INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE(workspace, id));
  CREATE TABLE IF NOT EXISTS durables(name TEXT PRIMARY KEY, frontier INTEGER NOT NULL, running INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS inflight(
    durable TEXT NOT NULL, offset INTEGER NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL, reason TEXT NOT NULL,
    first_failed_at INTEGER, PRIMARY KEY(durable, offset)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS dead(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, durable TEXT NOT NULL, epoch TEXT NOT NULL, offset INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
    body BLOB NOT NULL, reason TEXT NOT NULL, attempts INTEGER NOT NULL, first_failed_at INTEGER NOT NULL, last_failed_at INTEGER NOT NULL,
    redriving INTEGER NOT NULL DEFAULT 0, UNIQUE(durable, epoch, offset));
  CREATE INDEX IF NOT EXISTS dead_by_durable ON dead(durable, seq);
`;

/** Makes the tables of a new log. Refuses (`log.schema_unknown`) a file written by a later version, and closes it. */
export function prepareSchema(db: DatabaseSync, now: number): void {
  db.exec(TABLES);
  const schema = new Statement<{ readonly schema: number }>(db, 'SELECT schema FROM meta').get()?.schema;
  if (schema === undefined) {
    new Statement(db, 'INSERT INTO meta(epoch, schema) VALUES (?, ?)').run(firstEpoch(now), VERSION);
  } else if (schema !== VERSION) {
    db.close();
    const message = `The event log was written by another version of Millrace (schema ${schema}, this one knows ${VERSION}). Run that version, or restore a backup.`;
    throw new DomainError('log.schema_unknown', 'unavailable', message, { facts: { schema, known: VERSION } });
  }
}

import type { DatabaseSync } from 'node:sqlite';
import { openStore, type StoreFileOptions } from '@millrace/messaging';
import { historyInUse } from '../refusals';

// Rows are ordered by place (place.ts); `by_workspace` answers
// without the rows what asks for types and times alone. `words` holds the words of the payload and the marks (mark.ts) of all fields, but no text.
const SCHEMA = `
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS events (
    place INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    time INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    log_offset INTEGER NOT NULL,
    envelope TEXT NOT NULL,
    payload BLOB NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS by_id ON events (workspace, id);
  CREATE INDEX IF NOT EXISTS by_workspace ON events (workspace, place, type, time);
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (text, marks, content = '', contentless_delete = 1, tokenize = 'ascii');
  CREATE TABLE IF NOT EXISTS types (workspace TEXT NOT NULL, type TEXT NOT NULL, PRIMARY KEY (workspace, type)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS lags (workspace TEXT PRIMARY KEY, least INTEGER NOT NULL, most INTEGER NOT NULL) WITHOUT ROWID;
`;

// Fewer, larger merges of the full-text index: a sixth less work for each event, and searches read a few more segments.
const MERGE_LATER = "INSERT INTO words (words, rank) VALUES ('automerge', 8)";

/** Opens or creates the file of the history. Refuses with `history.in_use` while another process has it. */
export function openDatabase(path: string, options: StoreFileOptions): DatabaseSync {
  const database = openStore(path, options, historyInUse);
  try {
    database.exec(SCHEMA);
    database.exec(MERGE_LATER);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

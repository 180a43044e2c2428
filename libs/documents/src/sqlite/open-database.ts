import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { documentsInUse } from '../refusals';

const BUSY = 5;

// Exclusive: one process owns the file, and nobody reads around it. FULL: a commit is on the disk. Deleted rows are overwritten, so that what was erased is gone.
const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS collections (name TEXT PRIMARY KEY, shape TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, event BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox_aside (seq INTEGER PRIMARY KEY, event BLOB NOT NULL, reason TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox_mark (one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT NOT NULL);
`;

/** Opens or creates the file of one service's documents. Refuses with `documents.in_use` while another process has it. */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  try {
    database.exec(SETTINGS);
    return database;
  } catch (error) {
    database.close();
    throw isBusy(error) ? documentsInUse(path, error) : error;
  }
}

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === BUSY;
}

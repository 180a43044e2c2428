import type { DatabaseSync } from 'node:sqlite';
import { openStore } from '@millrace/messaging';
import { documentsInUse } from '../refusals';

// Deleted rows are overwritten, so that what was erased is gone. Whoever writes moves the write-ahead log into the file: there is little of it.
const SETTINGS = `
  PRAGMA secure_delete = ON;
  PRAGMA wal_autocheckpoint = 1000;
  CREATE TABLE IF NOT EXISTS collections (name TEXT PRIMARY KEY, shape TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, event BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox_aside (seq INTEGER PRIMARY KEY, event BLOB NOT NULL, reason TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox_mark (one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT NOT NULL);
`;

/** Opens or creates the file of one service's documents; a commit is on the disk. Refuses with `documents.in_use` while another process has it. */
export function openDatabase(path: string): DatabaseSync {
  const database = openStore(path, { durability: 'safe', sharesFile: true }, documentsInUse);
  try {
    database.exec(SETTINGS);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

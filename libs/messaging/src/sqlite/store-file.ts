import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** `safe`: what was committed survives a power cut. `fast`: it survives the end of the process; the last second may go with the power. */
export type Durability = 'safe' | 'fast';

/** Ids are spread over whole indexes: there is room for their pages. */
const ROOM = 'PRAGMA cache_size = -8000';

const IN_MEMORY = ':memory:';
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

/**
 * Opens an SQLite file for this process alone: the lock is the operating system's and goes with the process, however that ends.
 * Throws what `inUse` makes when another process (or another opening in this one) has the file.
 */
export function openStore(file: string, durability: Durability, inUse: (file: string) => Error): DatabaseSync {
  if (file !== IN_MEMORY) mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    // The order matters: with the exclusive mode set first, WAL needs no shared memory and the lock is taken by the first access.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;');
    db.exec(ROOM);
    db.exec(`PRAGMA synchronous = ${durability === 'safe' ? 'FULL' : 'NORMAL'}; PRAGMA secure_delete = FAST;`);
    return db;
  } catch (error) {
    db.close();
    throw sqliteCode(error) === SQLITE_BUSY ? inUse(file) : error;
  }
}

/** Whether a write failed because the disk is full. */
export function isDiskFull(error: unknown): boolean {
  return sqliteCode(error) === SQLITE_FULL;
}

function sqliteCode(error: unknown): number | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** `safe`: what was committed survives a power cut. `fast`: it survives the end of the process; the last second may go with the power. */
export type Durability = 'safe' | 'fast';

export interface StoreFileOptions {
  readonly durability: Durability;
  /**
   * Other connections of this process may open the file, to move what is in its write-ahead log into it: that waits for the disk, and would hold up
   * whoever writes. Default false.
   */
  readonly sharesFile?: boolean;
}

/** Ids are spread over whole indexes: there is room for their pages. */
const ROOM = 'PRAGMA cache_size = -8000;';

/** Pages in the write-ahead log at which a writer moves them itself, should nobody else have come to it. */
const LATEST_CHECKPOINT = 65_536;
/** Bytes to which a write-ahead log that has been moved shrinks: to cut off and grow anew what load needs each time would hold up who writes. */
const LEFT_OF_LOG = 64 * 1024 * 1024;
/** Milliseconds for which a write waits for another connection. */
const PATIENCE = 5_000;

const IN_MEMORY = ':memory:';
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

/**
 * Opens an SQLite file for this process alone: the lock is the operating system's and goes with the process, however that ends.
 * Throws what `inUse` makes when another process (or another opening in this one) has the file.
 */
export function openStore(
  file: string,
  { durability, sharesFile = false }: StoreFileOptions,
  inUse: (file: string) => Error,
): DatabaseSync {
  if (file !== IN_MEMORY) mkdirSync(dirname(file), { recursive: true });
  const settings = `${ROOM} PRAGMA synchronous = ${durability === 'safe' ? 'FULL' : 'NORMAL'}; PRAGMA secure_delete = FAST;`;
  try {
    if (!sharesFile || file === IN_MEMORY) return opened(new DatabaseSync(file, { timeout: 0 }), ALONE + settings);
    return opened(SharedFile.open(file), `${SHARED} ${settings}`);
  } catch (error) {
    throw sqliteCode(error) === SQLITE_BUSY ? inUse(file) : error;
  }
}

/** The order matters: with the exclusive mode set first, WAL needs no shared memory and the lock is taken by the first access. */
const ALONE = 'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;';
const SHARED = `PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = ${LATEST_CHECKPOINT}; PRAGMA journal_size_limit = ${LEFT_OF_LOG};`;

function opened<Database extends DatabaseSync>(db: Database, settings: string): Database {
  try {
    db.exec(settings);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A file that belongs to one process and is open in it more than once: a second, empty file beside it holds the lock. */
class SharedFile extends DatabaseSync {
  private constructor(
    file: string,
    private readonly lock: DatabaseSync,
  ) {
    super(file, { timeout: PATIENCE });
  }

  static open(file: string): SharedFile {
    const lock = opened(new DatabaseSync(`${file}-lock`, { timeout: 0 }), 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
    try {
      return new SharedFile(file, lock);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  override close(): void {
    super.close();
    this.lock.close();
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

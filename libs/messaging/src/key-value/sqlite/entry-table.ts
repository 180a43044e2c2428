import type { DatabaseSync } from 'node:sqlite';
import { Statement } from '../../sqlite/statement';
import type { Entry } from '../key-value';

/** A row as it is, expired or not. `expiresAt`: milliseconds since 1970; absent: never. */
export interface StoredEntry extends Entry {
  readonly bucket: string;
  readonly expiresAt: number | undefined;
}

interface Row {
  readonly bucket: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly revision: number;
  readonly expires_at: number | null;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries(
    bucket TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, revision INTEGER NOT NULL, expires_at INTEGER,
    UNIQUE(bucket, key));
  CREATE INDEX IF NOT EXISTS entries_expiry ON entries(expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS meta(revision INTEGER NOT NULL, schema INTEGER NOT NULL);
  INSERT INTO meta SELECT 0, 1 WHERE NOT EXISTS (SELECT 1 FROM meta);
`;
const COLUMNS = 'bucket, key, value, revision, expires_at';

/** Sorts before every character that a key may have: a key followed by it lies before the next key. */
const BEFORE_ALL = ' ';

interface Some {
  readonly now: number;
  readonly limit: number;
  readonly after?: string | undefined;
}

/** The statements on the entries of all buckets. Knows nothing of time. */
export class EntryTable {
  readonly #get;
  readonly #list;
  readonly #some;
  readonly #upsert;
  readonly #delete;
  readonly #expired;
  readonly #nextExpiry;
  readonly #nextRevision;

  /** `onRemoved`: what an entry was may still stand in the file. */
  constructor(
    db: DatabaseSync,
    private readonly onRemoved: () => void,
  ) {
    db.exec(SCHEMA);
    this.#get = new Statement<Row>(db, `SELECT ${COLUMNS} FROM entries WHERE bucket = ? AND key = ?`);
    this.#list = new Statement<Row>(db, `SELECT ${COLUMNS} FROM entries WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key`);
    this.#some = new Statement<Row>(
      db,
      `SELECT ${COLUMNS} FROM entries WHERE bucket = ? AND key >= ? AND key < ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY key LIMIT ?`,
    );
    this.#upsert = new Statement(
      db,
      `
      INSERT INTO entries(${COLUMNS}) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT(bucket, key) DO UPDATE SET value = excluded.value, revision = excluded.revision, expires_at = excluded.expires_at`,
    );
    this.#delete = new Statement(db, 'DELETE FROM entries WHERE bucket = ? AND key = ?');
    this.#expired = new Statement<Row>(db, `SELECT ${COLUMNS} FROM entries WHERE expires_at <= ? ORDER BY expires_at LIMIT ?`);
    this.#nextExpiry = new Statement<{ readonly at: number | null }>(
      db,
      'SELECT min(expires_at) AS at FROM entries WHERE expires_at IS NOT NULL',
    );
    this.#nextRevision = new Statement<{ readonly revision: number }>(db, 'UPDATE meta SET revision = revision + 1 RETURNING revision');
  }

  find(bucket: string, key: string): StoredEntry | undefined {
    const row = this.#get.get(bucket, key);
    return row === undefined ? undefined : entryOf(row);
  }

  /** By key, in the order of code units. */
  list(bucket: string, prefix: string): readonly StoredEntry[] {
    return this.#list.all(bucket, prefix, afterAll(prefix)).map(entryOf);
  }

  /** The first of them whose time is not over; behind the key `after`, if one is named. */
  some(bucket: string, prefix: string, { now, limit, after }: Some): readonly StoredEntry[] {
    const from = after === undefined ? prefix : `${after}${BEFORE_ALL}`;
    return this.#some.all(bucket, from, afterAll(prefix), now, limit).map(entryOf);
  }

  /** Those whose time is over, oldest first. */
  expired(now: number, limit: number): readonly StoredEntry[] {
    return this.#expired.all(now, limit).map(entryOf);
  }

  nextExpiry(): number | undefined {
    return this.#nextExpiry.get()?.at ?? undefined;
  }

  write(entry: StoredEntry): void {
    this.#upsert.run(entry.bucket, entry.key, entry.value, entry.revision, entry.expiresAt ?? null);
    this.onRemoved();
  }

  remove(bucket: string, key: string): void {
    this.#delete.run(bucket, key);
    this.onRemoved();
  }

  /** One counter for all buckets: it never goes back, not even when the newest entry is deleted. */
  nextRevision(): number {
    return this.#nextRevision.get()?.revision ?? 0;
  }
}

/** Keys are ASCII, so every key with the prefix sorts before the prefix followed by the first character beyond ASCII. */
function afterAll(prefix: string): string {
  return `${prefix}\u0080`;
}

function entryOf(row: Row): StoredEntry {
  return { bucket: row.bucket, key: row.key, value: row.value, revision: row.revision, expiresAt: row.expires_at ?? undefined };
}

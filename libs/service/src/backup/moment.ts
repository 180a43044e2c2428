import { DatabaseSync } from 'node:sqlite';

/** Milliseconds for which one write of others is waited for. */
const PATIENCE = 10_000;

/**
 * SQLite files as all of them are at one moment, whatever is written later: for each a connection in a transaction that reads. At that
 * moment nobody writes to any of them; `meanwhile` is done before writers go on, who wait for 5 s at most.
 */
export function momentOf(files: readonly string[], meanwhile: () => void): readonly DatabaseSync[] {
  const holding: DatabaseSync[] = [];
  const reading: DatabaseSync[] = [];
  try {
    for (const file of files) holding.push(begun(file, 'BEGIN IMMEDIATE'));
    // A transaction that only reads begins with what it reads first.
    for (const file of files) reading.push(begun(file, 'BEGIN; SELECT count(*) FROM sqlite_schema'));
    meanwhile();
    return reading;
  } catch (error) {
    closeAll(reading);
    throw error;
  } finally {
    closeAll(holding);
  }
}

function closeAll(databases: readonly DatabaseSync[]): void {
  for (const database of databases) database.close();
}

function begun(file: string, statement: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: PATIENCE });
  try {
    database.exec(statement);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

import type { DatabaseSync } from 'node:sqlite';
import type { CollectionSpec } from '../collection';
import { columnOf, has, quoted, tableOf } from './column';
import { Table } from './table';

const FORMER = 'former';

/**
 * Makes the table of a collection what its spec says: new, or built anew from the documents there when the indexes differ from the last
 * time. Columns of indexes stand before the body, so that reading them never walks through a large document.
 */
export function buildTable<T>(database: DatabaseSync, spec: CollectionSpec<T>): void {
  const shape = JSON.stringify(spec.indexes.map(({ name, unique = false }) => [name, unique]));
  const known = database.prepare('SELECT shape FROM collections WHERE name = ?').get(spec.name);
  if (known?.['shape'] === shape) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    if (known === undefined) create(database, spec);
    else rebuild(database, spec);
    database.prepare('INSERT OR REPLACE INTO collections (name, shape) VALUES (?, ?)').run(spec.name, shape);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function create<T>(database: DatabaseSync, { name, indexes }: CollectionSpec<T>): void {
  const indexed = indexes.map((index) => `${columnOf(index.name)} NOT NULL, `).join('');
  database.exec(`CREATE TABLE ${tableOf(name)} (id TEXT PRIMARY KEY NOT NULL, revision INTEGER NOT NULL, ${indexed}body TEXT NOT NULL)`);
  for (const index of indexes.filter(({ unique }) => unique === true)) {
    const target = `${tableOf(name)} (${columnOf(index.name)}) WHERE ${has(index.name)}`;
    database.exec(`CREATE UNIQUE INDEX ${quoted(`${name} unique ${index.name}`)} ON ${target}`);
  }
}

function rebuild<T>(database: DatabaseSync, spec: CollectionSpec<T>): void {
  database.exec(`ALTER TABLE ${tableOf(spec.name)} RENAME TO ${FORMER}`);
  const indexes = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`);
  for (const { name } of indexes.all(FORMER)) database.exec(`DROP INDEX ${quoted(String(name))}`);
  create(database, spec);
  const table = new Table(database, spec);
  for (const { revision, body } of database.prepare(`SELECT revision, body FROM ${FORMER}`).iterate()) {
    const document = JSON.parse(String(body)) as T;
    table.refuseTaken(document);
    table.insert(document, Number(revision));
  }
  database.exec(`DROP TABLE ${FORMER}`);
}

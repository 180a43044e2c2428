import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CollectionSpec, Index, IndexValue } from '../collection';
import { documentTaken } from '../refusals';
import { columnOf, has, stored, tableOf } from './column';

/** A document as its table holds it. */
export interface Row {
  readonly id: string;
  readonly revision: number;
  readonly body: string;
}

/** The rows of one collection, written inside the transaction of whoever calls. */
export class Table<T> {
  private readonly byId: StatementSync;
  private readonly byUnique: ReadonlyMap<string, StatementSync>;
  private readonly adding: StatementSync;
  private readonly changing: StatementSync;
  private readonly removing: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly spec: CollectionSpec<T>,
  ) {
    const table = tableOf(spec.name);
    const columns = ['revision', ...spec.indexes.map(({ name }) => columnOf(name)), 'body', 'id'];
    const rows = `SELECT id, revision, body FROM ${table}`;
    this.byId = database.prepare(`${rows} WHERE id = ?`);
    this.byUnique = new Map(
      spec.indexes.filter(isUnique).map(({ name }) => [name, database.prepare(`${rows} WHERE ${columnOf(name)} = ? AND ${has(name)}`)]),
    );
    this.adding = database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
    const changes = columns.slice(0, -1).map((column) => `${column} = ?`);
    this.changing = database.prepare(`UPDATE ${table} SET ${changes.join(', ')} WHERE id = ?`);
    this.removing = database.prepare(`DELETE FROM ${table} WHERE id = ?`);
  }

  find(id: string): Row | undefined {
    return asRow(this.byId.get(id));
  }

  /** The row with this value of a unique index. */
  findBy(index: string, value: IndexValue): Row | undefined {
    const statement = this.byUnique.get(index);
    if (statement === undefined) throw new Error(`"${this.spec.name}" declares no unique index "${index}".`);
    return asRow(statement.get(stored(value)));
  }

  /** Throws `documents.taken` if a document of another id has one of the unique values of this one. */
  refuseTaken(document: T): void {
    const id = this.spec.id(document);
    for (const { name, of } of this.spec.indexes.filter(isUnique)) {
      const value = of(document);
      const holder = value === undefined ? undefined : this.findBy(name, value);
      if (value !== undefined && holder !== undefined && holder.id !== id) throw documentTaken(this.spec.name, name, value);
    }
  }

  insert(document: T, revision: number): void {
    this.adding.run(...this.values(document, revision));
  }

  replace(document: T, revision: number): void {
    this.changing.run(...this.values(document, revision));
  }

  remove(id: string): void {
    this.removing.run(id);
  }

  private values(document: T, revision: number): readonly (string | number)[] {
    const indexed = this.spec.indexes.map((index) => stored(index.of(document)));
    return [revision, ...indexed, JSON.stringify(document), this.spec.id(document)];
  }
}

/** A row that SQLite answered, with its columns' types. */
export function asRow(row: Record<string, unknown> | undefined): Row | undefined {
  return row === undefined ? undefined : { id: String(row['id']), revision: Number(row['revision']), body: String(row['body']) };
}

function isUnique<T>(index: Index<T>): boolean {
  return index.unique === true;
}

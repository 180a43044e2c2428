import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CollectionSpec, PageQuery } from '../collection';
import { readCursor, type Place } from '../paging/cursor';
import { columnOf, quoted, stored, tableOf } from './column';
import { asRow, type Row } from './table';

// Enough for every list a service offers; a caller who could make up more of them would make every write slower.
const INDEXES_AT_MOST = 16;

/** Reads pages of one collection. The first page of a new kind builds the index that it walks, so no page sorts or scans. */
export class Pages<T> {
  /** By what tells one kind of question from another: names of indexes hold neither commas nor spaces. */
  private readonly statements = new Map<string, StatementSync>();
  private readonly indexes = new Set<string>();

  constructor(
    private readonly database: DatabaseSync,
    private readonly spec: CollectionSpec<T>,
  ) {}

  /** The rows behind the query's cursor, one more than the page holds if there are more. */
  read(query: PageQuery): readonly Row[] {
    const equal = Object.keys(query.where ?? {}).sort();
    const order = query.by === undefined ? [] : [query.by];
    this.refuseUndeclared([...equal, ...order]);
    const place = query.cursor === undefined ? undefined : readCursor(this.spec.name, query, query.cursor);
    const statement = this.statement(equal, order, query.direction === 'descending', place !== undefined);
    const values: SQLInputValue[] = equal.map((name) => stored(query.where?.[name]));
    return statement.all(...values, ...valuesOf(order, place), query.limit + 1).flatMap((row) => asRow(row) ?? []);
  }

  /** The number of rows with these values. */
  count(where: NonNullable<PageQuery['where']>): number {
    const equal = Object.keys(where).sort();
    this.refuseUndeclared(equal);
    const statement = this.prepared(`count ${equal.join()}`, equal, () => this.counted(equal));
    return Number(statement.get(...equal.map((name) => stored(where[name])))?.['count']);
  }

  private statement(equal: readonly string[], order: readonly string[], descending: boolean, behind: boolean): StatementSync {
    const key = `${equal.join()} ${order.join()} ${descending} ${behind}`;
    return this.prepared(key, [...equal, ...order], () => this.select(equal, order, descending, behind));
  }

  private prepared(key: string, walked: readonly string[], sql: () => string): StatementSync {
    const known = this.statements.get(key);
    if (known !== undefined) return known;
    this.buildIndex(walked);
    const statement = this.database.prepare(sql());
    this.statements.set(key, statement);
    return statement;
  }

  private select(equal: readonly string[], order: readonly string[], descending: boolean, behind: boolean): string {
    const columns = [...order.map(columnOf), 'id'];
    const conditions = equal.map((name) => `${columnOf(name)} = ?`);
    if (behind) conditions.push(`(${columns.join(', ')}) ${descending ? '<' : '>'} (${columns.map(() => '?').join(', ')})`);
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const sorted = columns.map((column) => `${column} ${descending ? 'DESC' : 'ASC'}`).join(', ');
    return `SELECT id, revision, body FROM ${tableOf(this.spec.name)}${where} ORDER BY ${sorted} LIMIT ?`;
  }

  private counted(equal: readonly string[]): string {
    const where = equal.length === 0 ? '' : ` WHERE ${equal.map((name) => `${columnOf(name)} = ?`).join(' AND ')}`;
    return `SELECT count(*) AS count FROM ${tableOf(this.spec.name)}${where}`;
  }

  private buildIndex(names: readonly string[]): void {
    const called = quoted(`${this.spec.name} by ${names.join(' ')}`);
    if (names.length === 0 || this.indexes.has(called) || this.indexes.size === INDEXES_AT_MOST) return;
    const columns = [...names.map(columnOf), 'id'].join(', ');
    this.database.exec(`CREATE INDEX IF NOT EXISTS ${called} ON ${tableOf(this.spec.name)} (${columns})`);
    this.indexes.add(called);
  }

  private refuseUndeclared(names: readonly string[]): void {
    const unknown = names.find((name) => !this.spec.indexes.some((index) => index.name === name));
    if (unknown !== undefined) throw new Error(`"${this.spec.name}" declares no index "${unknown}".`);
  }
}

function valuesOf(order: readonly string[], place: Place | undefined): readonly SQLInputValue[] {
  if (place === undefined) return [];
  return order.length === 0 ? [place.id] : [stored(place.value), place.id];
}

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** A prepared statement whose rows have the shape its SQL gives them. The one place where rows get a type. */
export class Statement<Row = never> {
  readonly #statement: StatementSync;

  constructor(db: DatabaseSync, sql: string) {
    this.#statement = db.prepare(sql);
  }

  get(...parameters: readonly SQLInputValue[]): Row | undefined {
    return this.#statement.get(...parameters) as Row | undefined;
  }

  all(...parameters: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement.all(...parameters) as unknown as readonly Row[];
  }

  /** Answers the number of rows changed. */
  run(...parameters: readonly SQLInputValue[]): number {
    return Number(this.#statement.run(...parameters).changes);
  }
}

import type { DatabaseSync } from 'node:sqlite';
import { Statement } from '../../../sqlite/statement';

/** An event taken by a durable and not done yet. Times are milliseconds since 1970. */
export interface Inflight {
  readonly offset: number;
  /** Deliveries that failed. */
  readonly attempts: number;
  /** Not before then. */
  readonly dueAt: number;
  /** Why the last delivery failed; empty when none did. */
  readonly reason: string;
  readonly firstFailedAt: number | undefined;
}

interface InflightRow {
  readonly offset: number;
  readonly attempts: number;
  readonly due_at: number;
  readonly reason: string;
  readonly first_failed_at: number | null;
}

/** Where a durable stands when a run of it begins. */
export interface Standing {
  /** All up to there is done, but for what is in flight. */
  readonly frontier: number;
  /** The run before did not end in order: what it had in hand may have killed its process. */
  readonly crashed: boolean;
}

/** How far a durable has come. */
export interface Reached {
  readonly name: string;
  readonly lag: number;
  /** All before it is done; behind the newest event when all is. */
  readonly undone: number;
}

/** What a durable came to since it was saved last. */
export interface ProgressChange {
  readonly frontier: number;
  readonly taken: readonly Inflight[];
  readonly done: readonly number[];
}

const UNDONE = 'coalesce((SELECT min(offset) FROM inflight WHERE durable = name), frontier + 1)';

/** The statements on the durables and what they have in flight. */
export class DurableTable {
  readonly #standing;
  readonly #begin;
  readonly #end;
  readonly #setFrontier;
  readonly #inflight;
  readonly #putInflight;
  readonly #deleteInflight;
  readonly #undone;
  readonly #standings;
  readonly #clampDurables;
  readonly #clampInflight;

  constructor(db: DatabaseSync) {
    this.#standing = new Statement<{ readonly frontier: number; readonly running: number }>(
      db,
      'SELECT frontier, running FROM durables WHERE name = ?',
    );
    this.#begin = new Statement(
      db,
      'INSERT INTO durables(name, frontier, running) VALUES (?, ?, 1) ON CONFLICT(name) DO UPDATE SET running = 1',
    );
    this.#end = new Statement(db, 'UPDATE durables SET running = 0 WHERE name = ?');
    this.#setFrontier = new Statement(db, 'UPDATE durables SET frontier = ? WHERE name = ?');
    this.#inflight = new Statement<InflightRow>(
      db,
      'SELECT offset, attempts, due_at, reason, first_failed_at FROM inflight WHERE durable = ? ORDER BY offset',
    );
    this.#putInflight = new Statement(
      db,
      'INSERT OR REPLACE INTO inflight(durable, offset, attempts, due_at, reason, first_failed_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#deleteInflight = new Statement(db, 'DELETE FROM inflight WHERE durable = ? AND offset = ?');
    this.#undone = new Statement<{ readonly offset: number | null }>(
      db,
      `SELECT min(${UNDONE}) AS offset FROM durables WHERE name NOT IN (SELECT value FROM json_each(?))`,
    );
    this.#standings = new Statement<Reached>(
      db,
      `SELECT name, ${UNDONE} AS undone, (SELECT count(*) FROM log WHERE offset > frontier)
         + (SELECT count(*) FROM inflight WHERE durable = name) AS lag FROM durables ORDER BY name`,
    );
    this.#clampDurables = new Statement(db, 'UPDATE durables SET frontier = min(frontier, ?)');
    this.#clampInflight = new Statement(db, 'DELETE FROM inflight WHERE offset > ?');
  }

  /** A run begins. `start` tells where, when the durable never ran; it may refuse. */
  begin(durable: string, start: () => number): Standing {
    const known = this.#standing.get(durable);
    const frontier = known?.frontier ?? start();
    this.#begin.run(durable, frontier);
    return { frontier, crashed: known?.running === 1 };
  }

  /** The run ends in order. */
  end(durable: string): void {
    this.#end.run(durable);
  }

  inflight(durable: string): readonly Inflight[] {
    return this.#inflight.all(durable).map((row) => ({
      offset: row.offset,
      attempts: row.attempts,
      dueAt: row.due_at,
      reason: row.reason,
      firstFailedAt: row.first_failed_at ?? undefined,
    }));
  }

  save(durable: string, change: ProgressChange): void {
    this.#setFrontier.run(change.frontier, durable);
    for (const offset of change.done) this.#deleteInflight.run(durable, offset);
    for (const taken of change.taken) this.#record(durable, taken);
  }

  /** The first offset that some durable has not done, those of these names left out; undefined without durables. */
  firstUndone(abandoned: readonly string[]): number | undefined {
    return this.#undone.get(JSON.stringify(abandoned))?.offset ?? undefined;
  }

  /** Every durable, by name. */
  standings(): readonly Reached[] {
    return this.#standings.all();
  }

  /** No durable is past `last`: the log was found shorter than it had been. */
  clamp(last: number): void {
    this.#clampDurables.run(last);
    this.#clampInflight.run(last);
  }

  #record(durable: string, { offset, attempts, dueAt, reason, firstFailedAt }: Inflight): void {
    this.#putInflight.run(durable, offset, attempts, dueAt, reason, firstFailedAt ?? null);
  }
}

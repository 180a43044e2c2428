import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { matchesPattern, type Filter } from '@millrace/language';
import { Turn } from '@millrace/messaging';
import type { HistoryMark } from '../history';
import { LATEST } from '../record';
import { historyClosed } from '../refusals';
import { readText } from '../text/text-query';
import { firstPlace, lastPlace } from './place';
import type { Rows } from './rows';
import { prepareExact, type Row } from './stored-event';
import { termOf } from './terms';

const BY_WORKSPACE = { source: 'events e INDEXED BY by_workspace', order: 'e.place' };
const BY_PLACE = { source: 'events e', order: 'e.place' };
const BY_WORDS = { source: 'words w CROSS JOIN events e ON e.place = w.rowid', order: 'w.rowid' };

/** Which rows to go through, and in which order. Of `where` only what the index knows narrows them: the rest is for the visitor. */
export interface Selection {
  /** Undefined: of all workspaces, or of those that are named. */
  readonly workspaceId: string | undefined;
  readonly workspaces?: readonly string[];
  readonly types?: readonly string[];
  readonly where?: Filter;
  readonly text?: string;
  readonly from?: number;
  readonly to?: number;
  readonly sort: 'newest' | 'oldest';
  readonly after?: HistoryMark;
}

interface Bounds {
  readonly low: bigint;
  readonly high: bigint;
}

/** Goes through rows in the order of history: those of a workspace by whichever index narrows them most, others one by one or by their words. */
export class Scan {
  constructor(
    private readonly database: DatabaseSync,
    private readonly rows: Rows,
  ) {}

  /** Shows the visitor the `columns` of each row until it answers false. */
  async walk(selection: Selection, columns: string, visit: (row: Row) => boolean): Promise<void> {
    const { sql, values } = this.statement(selection, columns);
    const turn = new Turn();
    for (const row of prepareExact(this.database, sql).iterate(...values)) {
      if (!visit(row)) return;
      if (!turn.isOver()) continue;
      await turn.giveWay();
      if (!this.database.isOpen) throw historyClosed();
    }
  }

  private statement(selection: Selection, columns: string): { readonly sql: string; readonly values: SQLInputValue[] } {
    const { workspaceId, workspaces, where, text = '', from, to, sort } = selection;
    const known = this.typesOf(workspaceId);
    const types = fitting(known, selection.types);
    const term = termOf({ workspaceId, types, where, phrases: readText(text), known });
    const { low, high } = this.bounds(selection);
    const conditions = ['e.place BETWEEN ? AND ?'];
    const values: SQLInputValue[] = [low, high];
    const restrict = (condition: string, value: SQLInputValue | undefined): void => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    restrict('e.workspace = ?', workspaceId);
    restrict('e.workspace IN (SELECT value FROM json_each(?))', workspaces && JSON.stringify(workspaces));
    restrict('e.time >= ?', from);
    restrict('e.time < ?', to);
    restrict('e.type IN (SELECT value FROM json_each(?))', types && JSON.stringify(types));
    restrict('w.words MATCH ? AND w.rowid BETWEEN ? AND ?', term);
    if (term !== undefined) values.push(low, high);
    const { source, order } = term !== undefined ? BY_WORDS : workspaceId === undefined ? BY_PLACE : BY_WORKSPACE;
    const direction = sort === 'newest' ? 'DESC' : 'ASC';
    return { sql: `SELECT ${columns} FROM ${source} WHERE ${conditions.join(' AND ')} ORDER BY ${order} ${direction}`, values };
  }

  private typesOf(workspaceId: string | undefined): readonly string[] {
    const { where, values } = among(workspaceId);
    const rows = this.database.prepare(`SELECT DISTINCT type FROM types${where}`).all(...values);
    return rows.map(({ type }) => String(type));
  }

  /** The places between which all rows lie. */
  private bounds(selection: Selection): Bounds {
    const span = this.boundsOfSpan(selection);
    const { after, sort } = selection;
    if (after === undefined) return span;
    const { recordedAt, offset } = after;
    if (sort === 'newest') {
      const last = this.rows.before(recordedAt, offset - 1n)?.place ?? firstPlace(recordedAt) - 1n;
      return { ...span, high: last < span.high ? last : span.high };
    }
    const first = this.rows.after(recordedAt, offset)?.place ?? lastPlace(recordedAt);
    return { ...span, low: first > span.low ? first : span.low };
  }

  /** Places follow the time of record, queries ask for the event's own: as far around it as events of the workspace ever were late or early. */
  private boundsOfSpan({ workspaceId, from = 0, to = LATEST }: Selection): Bounds {
    const { where, values } = among(workspaceId);
    const lags = this.database.prepare(`SELECT min(least) AS least, max(most) AS most FROM lags${where}`);
    const { least, most } = lags.get(...values) ?? {};
    // Both are null where there never was an event.
    return { low: firstPlace(clamped(from + Number(least ?? 0))), high: lastPlace(clamped(to + Number(most ?? 0))) };
  }
}

/** What keeps to one workspace, if there is one to keep to. */
function among(workspaceId: string | undefined): { readonly where: string; readonly values: readonly string[] } {
  return workspaceId === undefined ? { where: '', values: [] } : { where: ' WHERE workspace = ?', values: [workspaceId] };
}

/** The types that fit one of the patterns; undefined when all do. */
function fitting(known: readonly string[], patterns: readonly string[] | undefined): readonly string[] | undefined {
  const types = patterns && known.filter((type) => patterns.some((pattern) => matchesPattern(pattern, type)));
  return types?.length === known.length ? undefined : types;
}

function clamped(time: number): number {
  return Math.min(Math.max(Math.floor(time), 0), LATEST);
}

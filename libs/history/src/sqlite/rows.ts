import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Entry } from './entry';
import { firstPlace, lastPlace, type Placed } from './place';
import { COLUMNS, prepareExact, type Row } from './stored-event';

/** Writes and reads single rows, each with its words, inside the transaction of whoever calls. */
export class Rows {
  private readonly adding: StatementSync;
  private readonly addingWords: StatementSync;
  private readonly removing: StatementSync;
  private readonly removingWords: StatementSync;
  private readonly byId: StatementSync;
  private readonly placeOf: StatementSync;
  private readonly last: StatementSync;
  private readonly upTo: StatementSync;
  private readonly behind: StatementSync;
  private readonly within: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => prepareExact(database, sql);
    const placed = 'SELECT place, log_offset FROM events';
    this.adding = prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workspace, id) DO NOTHING');
    this.addingWords = prepare('INSERT INTO words (rowid, text, marks) VALUES (?, ?, ?)');
    this.removing = prepare('DELETE FROM events WHERE place = ?');
    this.removingWords = prepare('DELETE FROM words WHERE rowid = ?');
    this.byId = prepare(`SELECT ${COLUMNS} FROM events e WHERE workspace = ? AND id = ?`);
    this.placeOf = prepare('SELECT place FROM events WHERE workspace = ? AND id = ?');
    this.last = prepare(`${placed} ORDER BY place DESC LIMIT 1`);
    this.upTo = prepare(`${placed} WHERE place BETWEEN ? AND ? AND log_offset <= ? ORDER BY place DESC LIMIT 1`);
    this.behind = prepare(`${placed} WHERE place BETWEEN ? AND ? AND log_offset > ? ORDER BY place LIMIT 1`);
    this.within = prepare(`SELECT ${COLUMNS} FROM events e WHERE place BETWEEN ? AND ? ORDER BY place`);
  }

  /** Answers whether it was new; an event that is known already stays as it is. */
  insert(place: bigint, { event, envelope, text, marks }: Entry): boolean {
    const { workspaceId, id, type, time, position, payload } = event;
    const { changes } = this.adding.run(place, workspaceId, id, type, time, position.epoch, position.offset, envelope, payload);
    if (Number(changes) === 0) return false;
    this.addingWords.run(place, text, marks);
    return true;
  }

  remove(place: bigint): void {
    this.removing.run(place);
    this.removingWords.run(place);
  }

  /** Removes the event of this id; answers whether it was there. */
  forget(workspaceId: string, id: string): boolean {
    const place = this.placeOf.get(workspaceId, id)?.['place'];
    if (place === undefined) return false;
    this.remove(place as bigint);
    return true;
  }

  find(workspaceId: string, id: string): Row | undefined {
    return this.byId.get(workspaceId, id);
  }

  /** The last event of all. */
  newest(): Placed | undefined {
    return asPlaced(this.last.get());
  }

  /** The last event of a millisecond whose offset is at most this. */
  before(recordedAt: number, offset: bigint): Placed | undefined {
    return asPlaced(this.upTo.get(firstPlace(recordedAt), lastPlace(recordedAt), offset));
  }

  /** The first event of a millisecond whose offset is larger. */
  after(recordedAt: number, offset: bigint): Placed | undefined {
    return asPlaced(this.behind.get(firstPlace(recordedAt), lastPlace(recordedAt), offset));
  }

  /** All events of a millisecond, in order. */
  ofMoment(recordedAt: number): readonly Row[] {
    return this.within.all(firstPlace(recordedAt), lastPlace(recordedAt));
  }
}

function asPlaced(row: Row | undefined): Placed | undefined {
  return row === undefined ? undefined : { place: row['place'] as bigint, offset: row['log_offset'] as bigint };
}

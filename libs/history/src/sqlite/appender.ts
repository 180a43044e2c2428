import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { entryOf, type Entry } from './entry';
import { placeBehind, placeBetween, spread } from './place';
import type { Rows } from './rows';
import { eventOf } from './stored-event';

/** Adds events in the order of history, inside the transaction of whoever calls. */
export class Appender {
  private readonly addType: StatementSync;
  private readonly widenLag: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly rows: Rows,
  ) {
    this.addType = database.prepare('INSERT OR IGNORE INTO types VALUES (?, ?)');
    this.widenLag = database.prepare(
      'INSERT INTO lags VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET least = min(least, ?2), most = max(most, ?3)',
    );
  }

  /** Adds what is not there yet; the order of the entries does not matter, nor does one that comes twice. */
  add(entries: readonly Entry[]): void {
    const sorted = entries.toSorted(byMark);
    let last = this.rows.newest();
    for (const [index, entry] of sorted.entries()) {
      const behind = last === undefined ? undefined : placeBehind(last, entry.event.recordedAt, entry.event.position.offset);
      if (behind === undefined) {
        this.addBetween(entry, runFrom(sorted, index));
        last = this.rows.newest();
      } else if (this.rows.insert(behind, entry)) {
        last = { place: behind, offset: entry.event.position.offset };
      }
    }
    this.noteTypes(entries);
    this.noteLags(entries);
  }

  private addBetween(entry: Entry, run: number): void {
    const { recordedAt, position } = entry.event;
    const place = this.between(recordedAt, position.offset, run) ?? this.betweenMoved(recordedAt, position.offset, run);
    if (place === undefined) throw new Error(`History has no room for another event recorded at ${recordedAt}.`);
    this.rows.insert(place, entry);
  }

  private betweenMoved(recordedAt: number, offset: bigint, run: number): bigint | undefined {
    this.makeRoom(recordedAt);
    return this.between(recordedAt, offset, run);
  }

  private between(recordedAt: number, offset: bigint, run: number): bigint | undefined {
    return placeBetween(recordedAt, this.rows.before(recordedAt, offset), this.rows.after(recordedAt, offset), run);
  }

  /** Moves the events of a millisecond apart. */
  private makeRoom(recordedAt: number): void {
    const moving = this.rows.ofMoment(recordedAt);
    for (const { place } of moving) this.rows.remove(place as bigint);
    const places = spread(recordedAt, moving.length);
    places.forEach((place, index) => {
      const row = moving[index];
      if (row !== undefined) this.rows.insert(place, entryOf(eventOf(row)));
    });
  }

  private noteTypes(entries: readonly Entry[]): void {
    const names = new Set(entries.map(({ event }) => `${event.workspaceId}\0${event.type}`));
    for (const name of names) this.addType.run(...name.split('\0'));
  }

  private noteLags(entries: readonly Entry[]): void {
    const lags = new Map<string, { least: number; most: number }>();
    for (const { event } of entries) {
      const lag = event.recordedAt - event.time;
      const { least, most } = lags.get(event.workspaceId) ?? { least: lag, most: lag };
      lags.set(event.workspaceId, { least: Math.min(least, lag), most: Math.max(most, lag) });
    }
    for (const [workspaceId, { least, most }] of lags) this.widenLag.run(workspaceId, least, most);
  }
}

function byMark({ event: a }: Entry, { event: b }: Entry): number {
  if (a.recordedAt !== b.recordedAt) return a.recordedAt - b.recordedAt;
  if (a.position.offset === b.position.offset) return 0;
  return a.position.offset < b.position.offset ? -1 : 1;
}

/** How many entries of the same millisecond there are from here on. */
function runFrom(entries: readonly Entry[], index: number): number {
  const moment = entries[index]?.event.recordedAt;
  const end = entries.findIndex(({ event }, at) => at > index && event.recordedAt !== moment);
  return (end === -1 ? entries.length : end) - index;
}

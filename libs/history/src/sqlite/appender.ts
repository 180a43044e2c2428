import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { entryOf, type Entry } from './entry';
import { placeBehind, placeBetween, recordedAtOf, spread, type Placed } from './place';
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
    const fresh = this.unknown(entries).toSorted(byMark);
    let last = this.rows.newest();
    fresh.forEach((entry, index) => {
      const { place, moved } = this.placeFor(entry, last, () => runFrom(fresh, index));
      this.rows.insert(place, entry);
      if (moved) last = this.rows.newest();
      else if (last === undefined || place > last.place) last = { place, offset: entry.event.position.offset };
    });
    this.noteTypes(fresh);
    this.noteLags(fresh);
  }

  private unknown(entries: readonly Entry[]): readonly Entry[] {
    const seen = new Set<string>();
    return entries.filter(({ event: { workspaceId, id } }) => {
      const name = `${workspaceId}\0${id}`;
      if (seen.has(name)) return false;
      seen.add(name);
      return !this.rows.has(workspaceId, id);
    });
  }

  private placeFor({ event }: Entry, last: Placed | undefined, run: () => number): { place: bigint; moved: boolean } {
    const { recordedAt, position } = event;
    if (last !== undefined && comesBehind(last, recordedAt, position.offset)) {
      const place = placeBehind(last, recordedAt);
      if (place !== undefined) return { place, moved: false };
    }
    const place = this.between(recordedAt, position.offset, run());
    if (place !== undefined) return { place, moved: false };
    this.makeRoom(recordedAt);
    const roomy = this.between(recordedAt, position.offset, run());
    if (roomy === undefined) throw new Error(`History has no room for another event recorded at ${recordedAt}.`);
    return { place: roomy, moved: true };
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

function byMark(a: Entry, b: Entry): number {
  const earlier = a.event.recordedAt - b.event.recordedAt;
  return earlier !== 0 ? earlier : Number(a.event.position.offset - b.event.position.offset);
}

function comesBehind(last: Placed, recordedAt: number, offset: bigint): boolean {
  const latest = recordedAtOf(last.place);
  return recordedAt > latest || (recordedAt === latest && offset >= last.offset);
}

/** How many entries of the same millisecond there are from here on. */
function runFrom(entries: readonly Entry[], index: number): number {
  const moment = entries[index]?.event.recordedAt;
  const end = entries.findIndex(({ event }, at) => at > index && event.recordedAt !== moment);
  return (end === -1 ? entries.length : end) - index;
}

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { decodeEvent, encodeEvent, formatPosition, parsePosition, type NewEvent, type Position } from '@millrace/messaging';
import { Outbox, type OutboxEntry } from '../outbox';
import type { Store } from './store';

/** The outbox as a table beside the collections, so that one transaction holds a document and the events of its change. */
export class SqliteOutbox extends Outbox {
  private readonly listeners = new Set<() => void>();
  private readonly adding: StatementSync;
  private readonly oldest: StatementSync;
  private readonly last: StatementSync;
  private readonly removing: StatementSync;
  private readonly marking: StatementSync;
  private readonly marked: StatementSync;
  private readonly keepingAside: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly store: Store,
  ) {
    super();
    this.adding = database.prepare('INSERT INTO outbox (event) VALUES (?)');
    this.oldest = database.prepare('SELECT seq, event FROM outbox ORDER BY seq LIMIT ?');
    this.last = database.prepare('SELECT max(seq) AS seq FROM outbox');
    this.removing = database.prepare('DELETE FROM outbox WHERE seq = ?');
    this.marking = database.prepare('INSERT OR REPLACE INTO outbox_mark (one, position) VALUES (1, ?)');
    this.marked = database.prepare('SELECT position FROM outbox_mark');
    this.keepingAside = database.prepare('INSERT INTO outbox_aside SELECT seq, event, ? FROM outbox WHERE seq = ?');
  }

  /** Adds the events of a write, inside its transaction. */
  add(events: readonly NewEvent[]): void {
    for (const event of events) this.adding.run(encodeEvent(event));
    if (events.length > 0) this.store.onceDurable(this.announce);
  }

  /** One process owns the file, from its start to its end. */
  term(): Promise<string | undefined> {
    return Promise.resolve('owner');
  }

  pending(limit: number): Promise<readonly OutboxEntry[]> {
    return this.store.read(() => this.oldest.all(limit).map(asEntry));
  }

  newest(): Promise<string | undefined> {
    return this.store.read(() => {
      const seq = this.last.get()?.['seq'];
      return typeof seq === 'number' ? idOf(seq) : undefined;
    });
  }

  done(ids: readonly string[], mark: Position): Promise<void> {
    return this.store.write(() => {
      for (const id of ids) this.removing.run(Number(id));
      this.marking.run(formatPosition(mark));
    });
  }

  keepMark(mark: Position): Promise<void> {
    return this.store.write(() => {
      this.marking.run(formatPosition(mark));
    });
  }

  mark(): Promise<Position | undefined> {
    return this.store.read(() => {
      const position = this.marked.get()?.['position'];
      return typeof position === 'string' ? parsePosition(position) : undefined;
    });
  }

  setAside(id: string, reason: string): Promise<void> {
    return this.store.write(() => {
      this.keepingAside.run(reason, Number(id));
      this.removing.run(Number(id));
    });
  }

  onWrite(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  private readonly announce = (): void => {
    for (const listener of this.listeners) listener();
  };
}

function asEntry({ seq, event }: Record<string, unknown>): OutboxEntry {
  return { id: idOf(seq), event: decodeEvent(event as Uint8Array) };
}

/** Numbers padded, so that ids sort as they were written. */
function idOf(seq: unknown): string {
  return String(seq).padStart(16, '0');
}

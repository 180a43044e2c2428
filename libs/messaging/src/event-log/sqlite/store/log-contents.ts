import type { Clock } from '@millrace/kernel';
import type { GroupCommit } from '../../../sqlite/group-commit';
import type { NewEvent } from '../../event';
import { encodeEvent } from '../../event-writer';
import type { Appended } from '../../event-log';
import { laneOf } from '../../lane';
import { eventTooLarge, logFull } from '../../refusals';
import type { LogRow, LogTable, NewRow } from './log-table';
import { StoredEvent } from './stored-event';
import { Tail } from './tail';

/** The envelope with a payload of 256 KiB, with room to spare. */
const LARGEST_EVENT = 1024 * 1024;

const MEASURED_EVERY = 256 * 1024;
/** What a small event takes in the file, index included, for each byte of its own. */
const OVERHEAD = 4;

export interface LogLimits {
  readonly epoch: string;
  /** Bytes the file may use. */
  readonly capacity: number;
}

/** The events of the log: appended in groups, read in pages, the newest from memory. */
export class LogContents {
  readonly #tail = new Tail();
  /** Events of the transaction under way. */
  readonly #written: StoredEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #last: number;
  #measured = Infinity;
  /** Bytes of events since then. */
  #sinceMeasured = 0;

  constructor(
    private readonly table: LogTable,
    private readonly commit: GroupCommit,
    private readonly clock: Clock,
    readonly limits: LogLimits,
  ) {
    this.#last = table.last();
  }

  /** The offset given last. */
  get last(): number {
    return this.#last;
  }

  /** The offset of the oldest event kept; `last + 1` when there is none. */
  get first(): number {
    return this.table.first() ?? this.#last + 1;
  }

  get bytes(): number {
    return this.table.bytes();
  }

  async append(events: readonly NewEvent[]): Promise<readonly Appended[]> {
    if (events.length === 0) return [];
    const rows = events.map(rowOf);
    return this.commit.run(
      () => this.#write(rows),
      () => this.#publish(),
      rows.length,
    );
  }

  /** The events after an offset, in order. */
  page(after: number, limit: number): readonly StoredEvent[] {
    if (after >= this.#last) return [];
    return this.#tail.page(after, limit) ?? this.table.page(after, limit).map((row) => this.#stored(row));
  }

  at(offset: number): StoredEvent | undefined {
    const row = this.table.at(offset);
    return row && this.#stored(row);
  }

  /** Calls after each group of new events, and by `wake`. Returns how to stop. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells whoever waits for events that something happened. */
  wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Trusts the file again instead of memory: after a rollback, or when bodies were overwritten. */
  refresh(): void {
    this.#last = this.table.last();
    this.#written.length = 0;
    this.#tail.clear();
  }

  #write(rows: readonly NewRow[]): readonly Appended[] {
    this.#assertRoom(rows.reduce((sum, row) => sum + row.body.length, 0));
    const recordedAt = this.clock.now();
    return rows.map((row) => {
      const offset = this.#last + 1;
      if (!this.table.insert(offset, recordedAt, row)) return this.#duplicate(row);
      this.#last = offset;
      const place = { epoch: this.limits.epoch, offset, recordedAt };
      this.#written.push(new StoredEvent(place, row.workspace, row.type, row.key, row.body));
      return this.#appended(row.id, offset, recordedAt, false);
    });
  }

  /** Asking the file for its size costs more than an insert: it is asked once in a while, and whenever the answer matters. */
  #assertRoom(bytes: number): void {
    const { capacity } = this.limits;
    this.#sinceMeasured += bytes;
    if (this.#sinceMeasured > MEASURED_EVERY || this.#measured + this.#sinceMeasured * OVERHEAD > capacity) {
      this.#measured = this.table.bytes();
      this.#sinceMeasured = bytes;
    }
    if (this.#measured + bytes > capacity) throw logFull(this.#measured, capacity);
  }

  #duplicate(row: NewRow): Appended {
    const old = this.table.find(row.workspace, row.id);
    return this.#appended(row.id, old?.offset ?? 0, old?.recorded_at ?? 0, true);
  }

  #appended(id: string, offset: number, recordedAt: number, duplicate: boolean): Appended {
    return { id, position: { epoch: this.limits.epoch, offset: BigInt(offset) }, recordedAt, duplicate };
  }

  /** The first call after a transaction tells of all its events. */
  #publish(): void {
    if (this.#written.length === 0) return;
    for (const event of this.#written.splice(0)) this.#tail.push(event);
    this.wake();
  }

  #stored(row: LogRow): StoredEvent {
    const place = { epoch: this.limits.epoch, offset: row.offset, recordedAt: row.recorded_at };
    return new StoredEvent(place, row.workspace, row.type, row.key ?? undefined, row.body);
  }
}

function rowOf(event: NewEvent): NewRow {
  const body = encodeEvent(event);
  if (body.length > LARGEST_EVENT) throw eventTooLarge(event.id, body.length, LARGEST_EVENT);
  return {
    workspace: event.workspaceId,
    id: event.id,
    type: event.type,
    lane: laneOf(event),
    key: event.key === '' ? undefined : event.key,
    body,
  };
}

import type { Clock } from '@millrace/kernel';
import type { GroupCommit } from '../../../sqlite/group-commit';
import { encodeEvent } from '../../codec';
import type { NewEvent } from '../../event';
import type { Appended } from '../../event-log';
import { laneOf } from '../../lane';
import { eventTooLarge, logFull } from '../../refusals';
import type { LogRow, LogTable, NewRow } from './log-table';
import { StoredEvent } from './stored-event';
import { Tail } from './tail';

/** The envelope with a payload of 256 KiB, with room to spare. */
const LARGEST_EVENT = 1024 * 1024;

export interface LogLimits {
  readonly epoch: string;
  /** Bytes the file may use. */
  readonly capacity: number;
}

interface Written {
  readonly appended: readonly Appended[];
  readonly events: readonly StoredEvent[];
}

/** The events of the log: appended in groups, read in pages, the newest from memory. */
export class LogContents {
  readonly #tail = new Tail();
  readonly #listeners = new Set<() => void>();
  #last: number;

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
    const written = await this.commit.run(
      () => this.#write(rows),
      ({ events: stored }) => this.#publish(stored),
      rows.length,
    );
    return written.appended;
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
    this.#tail.clear();
  }

  #write(rows: readonly NewRow[]): Written {
    const { capacity } = this.limits;
    const bytes = this.table.bytes();
    if (bytes + rows.reduce((sum, row) => sum + row.body.length, 0) > capacity) throw logFull(bytes, capacity);
    const recordedAt = this.clock.now();
    const events: StoredEvent[] = [];
    const appended = rows.map((row) => {
      const offset = this.#last + 1;
      if (!this.table.insert(offset, recordedAt, row)) return this.#duplicate(row);
      this.#last = offset;
      events.push(new StoredEvent({ epoch: this.limits.epoch, offset, recordedAt }, row.workspace, row.type, row.key, row.body));
      return this.#appended(row.id, offset, recordedAt, false);
    });
    return { appended, events };
  }

  #duplicate(row: NewRow): Appended {
    const old = this.table.find(row.workspace, row.id);
    return this.#appended(row.id, old?.offset ?? 0, old?.recorded_at ?? 0, true);
  }

  #appended(id: string, offset: number, recordedAt: number, duplicate: boolean): Appended {
    return { id, position: { epoch: this.limits.epoch, offset: BigInt(offset) }, recordedAt, duplicate };
  }

  #publish(events: readonly StoredEvent[]): void {
    if (events.length === 0) return;
    for (const event of events) this.#tail.push(event);
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

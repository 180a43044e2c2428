import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@millrace/kernel';
import { reasonOf, warnOfFault } from '../../faults';
import type { FaultReport } from '../../faults';
import { GroupCommit } from '../../sqlite/group-commit';
import { isDiskFull, openStore } from '../../sqlite/store-file';
import type { StoreFileOptions } from '../../sqlite/store-file';
import type { LoggedEvent, NewEvent, Position } from '../event';
import { EventLog } from '../event-log';
import type {
  Appended,
  Consumption,
  DeadLetters,
  Durable,
  DurableStanding,
  LogRange,
  Pattern,
  ReadOptions,
  TrimOptions,
} from '../event-log';
import { earliest } from '../earliest';
import { epochChanged, logClosed, logFull, logInUse, logUnavailable } from '../refusals';
import { DurableRuns } from './consume/durable-runs';
import type { Handle } from '../consume/hand';
import { readLog } from './log-reader';
import { DeadTable } from './store/dead-table';
import { DurableTable } from './store/durable-table';
import { erasePayloads } from './store/erasure';
import { HighWaterMark, markAsCopy, markOf } from './store/high-water-mark';
import { takeIdentity } from './store/identity';
import { LogContents } from './store/log-contents';
import { LogTable } from './store/log-table';
import { prepareSchema } from './store/schema';

const TRIMMED_AT_ONCE = 5_000;

export interface SqliteEventLogOptions extends Partial<StoreFileOptions> {
  /** Path of the database file, or `:memory:`. Folders on the way are made; `<file>-mark` lies beside it. */
  readonly file: string;
  readonly clock: Clock;
  /** Bytes the file may use. Default 10 GiB. */
  readonly capacity?: number;
  /** Milliseconds to wait after the first, second … failed delivery, each ±20 %. Default 1 s, 10 s, 1 min, 10 min. */
  readonly backOff?: readonly number[];
  /** A number from 0 to 1, anew each time; spreads the back-off. */
  readonly chance?: () => number;
  /** Hears of what went wrong where nobody waits. */
  readonly onFault?: FaultReport;
}

/**
 * The event log in one SQLite file, for one process: all its users share one instance. Deduplication has no window: an id is known as
 * long as its event is kept. Refuses with `log.in_use` when another process has the file.
 */
export class SqliteEventLog extends EventLog {
  /** Tells whoever opens this copy of a log's file that the log went on without it: positions are of a new epoch from then on. */
  static markAsCopy(file: string): void {
    markAsCopy(markOf(file));
  }

  readonly #db: DatabaseSync;
  readonly #commit: GroupCommit;
  readonly #log: LogTable;
  readonly #dead: DeadTable;
  readonly #durables: DurableTable;
  readonly #contents: LogContents;
  readonly #runs: DurableRuns;
  readonly #mark: HighWaterMark;
  readonly #closing = new AbortController();

  constructor(options: SqliteEventLogOptions) {
    super();
    const { file, clock, capacity = 10 * 1024 ** 3, onFault = warnOfFault } = options;
    this.#db = openStore(file, { durability: 'safe', ...options }, logInUse);
    prepareSchema(this.#db, clock.now());
    this.#log = new LogTable(this.#db);
    this.#dead = new DeadTable(this.#db);
    this.#durables = new DurableTable(this.#db);
    this.#mark = new HighWaterMark(file === ':memory:' ? undefined : markOf(file), onFault);
    const { epoch, isNewEpoch } = takeIdentity(this.#db, this.#log.last(), this.#mark.read(), clock.now());
    if (isNewEpoch) this.#durables.clamp(this.#log.last());
    this.#mark.note(epoch, this.#log.last());
    this.#mark.write();
    this.#commit = new GroupCommit(this.#db, { refusal: (error) => this.#refusal(error), onRollback: () => this.#contents.refresh() });
    this.#contents = new LogContents(this.#log, this.#commit, clock, { epoch, capacity });
    this.#contents.onAppend(() => this.#mark.note(epoch, this.#contents.last));
    this.#runs = new DurableRuns({
      ...{ contents: this.#contents, durables: this.#durables, dead: this.#dead, commit: this.#commit, clock, onFault },
      backOff: { delays: options.backOff ?? [1_000, 10_000, 60_000, 600_000], chance: options.chance ?? Math.random },
    });
  }

  /** `since` is not needed here: the whole log is searched for the id. */
  async append(events: readonly NewEvent[]): Promise<readonly Appended[]> {
    this.#assertOpen();
    return this.#contents.append(events);
  }

  async consume(durable: Durable, handle: Handle): Promise<Consumption> {
    this.#assertOpen();
    return this.#runs.consume(durable, handle);
  }

  read(from: Position | 'first' | 'now', filter: Pattern, options: ReadOptions): AsyncIterable<LoggedEvent> {
    this.#assertOpen();
    return readLog(this.#contents, from, filter, options, this.#closing.signal);
  }

  async range(): Promise<LogRange> {
    this.#assertOpen();
    const { limits, first, last, bytes } = this.#contents;
    return { epoch: limits.epoch, first: BigInt(first), last: BigInt(last), bytes, capacity: limits.capacity };
  }

  async at(time: number): Promise<Position> {
    this.#assertOpen();
    const { limits, first, last } = this.#contents;
    const next = async (from: number) => {
      const [row] = this.#log.page(from - 1, 1);
      return row && { place: row.offset, recordedAt: row.recorded_at };
    };
    return { epoch: limits.epoch, offset: BigInt(await earliest(time, { low: first, high: last + 1 }, next)) };
  }

  async durables(): Promise<readonly DurableStanding[]> {
    this.#assertOpen();
    await this.#runs.saveAll();
    const { limits, last } = this.#contents;
    return this.#durables.standings().map(({ name, lag, undone }) => ({
      ...{ name, lag },
      ...(undone <= last && { undone: { epoch: limits.epoch, offset: BigInt(undone) } }),
    }));
  }

  dead(durable: string): DeadLetters {
    this.#assertOpen();
    return this.#runs.dead(durable);
  }

  async remove(positions: readonly Position[]): Promise<void> {
    this.#assertOpen();
    positions.forEach((position) => this.#assertEpoch(position));
    const { epoch } = this.#contents.limits;
    const offsets = positions.map(({ offset }) => Number(offset));
    this.#commit.flush();
    try {
      erasePayloads(this.#db, { log: this.#log, dead: this.#dead }, epoch, offsets);
    } catch (error) {
      throw this.#refusal(error);
    }
    this.#contents.refresh();
    this.#runs.reloadAll();
  }

  async trim(before: Position, { abandoned = [] }: TrimOptions = {}): Promise<number> {
    this.#assertOpen();
    this.#assertEpoch(before);
    await this.#runs.saveAll();
    for (let gone = 0; ;) {
      const count = await this.#commit.run(() => this.#trimSome(Number(before.offset), abandoned), undefined, TRIMMED_AT_ONCE);
      gone += count;
      if (count < TRIMMED_AT_ONCE) return gone;
    }
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#contents.wake();
    await this.#runs.stopAll();
    this.#commit.flush();
    this.#mark.write();
    this.#db.close();
  }

  #trimSome(before: number, abandoned: readonly string[]): number {
    return this.#log.deleteBefore(Math.min(before, this.#durables.firstUndone(abandoned) ?? before), TRIMMED_AT_ONCE);
  }

  #refusal(error: unknown): Error {
    const { limits, bytes } = this.#contents;
    return isDiskFull(error) ? logFull(bytes, limits.capacity) : logUnavailable(reasonOf(error));
  }

  #assertEpoch(position: Position): void {
    const { epoch } = this.#contents.limits;
    if (position.epoch !== epoch) throw epochChanged(position, epoch);
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw logClosed();
  }
}

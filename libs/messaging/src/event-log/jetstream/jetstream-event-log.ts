import type { Clock } from '@millrace/kernel';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { warnOfFault } from '../../faults';
import type { FaultReport } from '../../faults';
import type { Durability } from '../../sqlite/store-file';
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
import type { Handle } from '../consume/hand';
import { logClosed } from '../refusals';
import { JetStreamRuns } from './consume/jetstream-runs';
import { Letters } from './letters/letters';
import { AFTER_A_FAILURE } from './consume/run-parts';
import { LogContents } from './contents';
import { eraseEvents } from './keep/erasure';
import { durableStandings } from './keep/standings';
import { offsetAt, trimLog } from './keep/trim';
import { readLog } from './read/read-log';
import { Line } from './server/line';
import { LogNames } from './server/log-names';
import { Records } from './server/records';
import { assertSync, probeVersion, readSyncReport } from './server/probe';
import { prepareStreams } from './server/streams';
import { sequenceFrom } from './stream-event';

export interface JetStreamEventLogOptions {
  /** A connection to use, or how to make one; only one that the log made itself is closed with it. */
  readonly connection: NatsConnection | NodeConnectionOptions;
  readonly clock: Clock;
  /** What the server must promise before it acknowledges. `safe` needs `monitor`, to see that it does. Default `safe`. */
  readonly durability?: Durability;
  /** Address of the server's monitoring port, as `http://127.0.0.1:8222`. */
  readonly monitor?: string;
  /** Sets this log apart from others on the same servers. Default none: streams `EVENTS`, `DEAD`, `LOG`. */
  readonly prefix?: string;
  /** Bytes of the stream of events. Default 50 GiB. */
  readonly capacity?: number;
  /** On how many servers each event is kept. Default 1. */
  readonly replicas?: number;
  /** Milliseconds to wait after the first, second … failed delivery, each ±20 %. Default 1 s, 10 s, 1 min, 10 min. */
  readonly backOff?: readonly number[];
  /** A number from 0 to 1, anew each time; spreads the back-off. */
  readonly chance?: () => number;
  /** Hears of what went wrong where nobody waits. */
  readonly onFault?: FaultReport;
}

/**
 * The event log on NATS JetStream, for many processes. An id is known for two minutes by the server itself, and beyond that by who
 * passes `since`. Events are read and handed out again by themselves after the servers were away; calls meanwhile are refused with
 * `log.unavailable`.
 */
export class JetStreamEventLog extends EventLog {
  readonly #closing = new AbortController();
  readonly #release: () => void;

  private constructor(
    private readonly contents: LogContents,
    private readonly letters: Letters,
    private readonly runs: JetStreamRuns,
  ) {
    super();
    const { line, names } = contents.parts;
    const erased = line.listen(names.erasedSubject(), () => void this.#refresh());
    const stopListening = line.onChange((isUp) => {
      if (isUp) void this.#meetAgain();
    });
    this.#release = () => {
      stopListening();
      erased.unsubscribe();
    };
  }

  /**
   * Makes the streams, or brings them to what is wanted, and compares what the server made of it. Refuses a server that is too old
   * (`log.server_too_old`), drops an option (`log.option_dropped`) or does not sync as promised (`log.not_synced`, `log.sync_unknown`).
   */
  static async open(options: JetStreamEventLogOptions): Promise<JetStreamEventLog> {
    const { connection, clock, durability = 'safe', monitor, prefix, capacity, replicas, onFault = warnOfFault } = options;
    const line = await Line.open(connection, onFault);
    try {
      const warning = probeVersion(line.version);
      if (warning !== undefined) onFault('the event log', warning);
      if (durability === 'safe' || monitor !== undefined) assertSync(durability, await readSyncReport(monitor));
      const names = new LogNames(prefix);
      const info = await prepareStreams(line, names, { capacity, replicas });
      const contents = new LogContents({ line, names, clock, onFault }, info.config.num_replicas);
      await contents.recognize(info);
      const letters = new Letters(new Records(line, contents.publisher, names.dead), names);
      const backOff = { delays: options.backOff ?? [1_000, 10_000, 60_000, 600_000], chance: options.chance ?? Math.random };
      const runs = new JetStreamRuns({ line, names, contents, letters, clock, backOff, onFault });
      return new JetStreamEventLog(contents, letters, runs);
    } catch (fault) {
      await line.close();
      throw fault;
    }
  }

  async append(events: readonly NewEvent[], options?: { readonly since?: Position }): Promise<readonly Appended[]> {
    this.#assertOpen();
    return this.contents.append(events, options?.since);
  }

  async consume(durable: Durable, handle: Handle): Promise<Consumption> {
    this.#assertOpen();
    return this.runs.consume(durable, handle);
  }

  read(from: Position | 'first' | 'now', filter: Pattern, options: ReadOptions): AsyncIterable<LoggedEvent> {
    this.#assertOpen();
    const { contents } = this;
    const { line, names } = contents.parts;
    const readable = {
      line,
      names,
      pages: contents.pages,
      tail: contents.tail,
      closing: this.#closing.signal,
      epoch: () => contents.identity.epoch,
    };
    return readLog(readable, contents.reachNow(), from, filter, options);
  }

  async range(): Promise<LogRange> {
    this.#assertOpen();
    return this.contents.range();
  }

  async at(time: number): Promise<Position> {
    this.#assertOpen();
    const { epoch } = this.contents.identity;
    return { epoch, offset: await offsetAt(this.contents, time) };
  }

  async durables(): Promise<readonly DurableStanding[]> {
    this.#assertOpen();
    return durableStandings(this.contents);
  }

  dead(durable: string): DeadLetters {
    this.#assertOpen();
    return this.runs.dead(durable);
  }

  /** What a process dies with in hand meanwhile is not handed out again. */
  async remove(positions: readonly Position[]): Promise<void> {
    this.#assertOpen();
    positions.forEach((position) => this.contents.assertEpoch(position));
    await eraseEvents(this.contents, this.letters, positions);
    this.runs.reloadAll();
  }

  async trim(before: Position, { abandoned = [] }: TrimOptions = {}): Promise<number> {
    this.#assertOpen();
    this.contents.assertEpoch(before);
    return trimLog(this.contents, sequenceFrom(before.offset), abandoned);
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#release();
    await this.runs.stopAll();
    await this.contents.close();
    await this.contents.parts.line.close();
  }

  /** The log may have been restored, or lost its end, while the line was down. */
  async #meetAgain(): Promise<void> {
    try {
      const { line } = this.contents.parts;
      const { session } = line;
      const info = await this.contents.info();
      line.sawLast(session, info.state.last_seq);
      await this.contents.recognize(info);
      this.runs.reloadAll();
    } catch (fault) {
      if (this.#closing.signal.aborted || !this.contents.parts.line.isUp) return;
      this.contents.parts.onFault('the event log could not be looked at after the line was down', fault);
      setTimeout(() => void this.#meetAgain(), AFTER_A_FAILURE).unref();
    }
  }

  /** Something was erased, here or by another process. */
  async #refresh(): Promise<void> {
    try {
      await this.contents.loadErased();
      this.runs.reloadAll();
    } catch (fault) {
      if (this.contents.parts.line.isUp && !this.#closing.signal.aborted)
        this.contents.parts.onFault('what was erased could not be read', fault);
    }
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw logClosed();
  }
}

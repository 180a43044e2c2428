import type { Clock } from '@millrace/kernel';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { warnOfFault } from '../../faults';
import type { FaultReport } from '../../faults';
import type { Durability } from '../../sqlite/store-file';
import type { LoggedEvent, NewEvent, Position } from '../event';
import { EventLog } from '../event-log';
import type { Appended, Consumption, DeadLetters, Durable, LogRange, Pattern, ReadOptions } from '../event-log';
import type { Handle } from '../consume/hand';
import { logClosed } from '../refusals';
import { LogContents } from './contents';
import { readLog } from './read/read-log';
import { Line } from './server/line';
import { LogNames } from './server/log-names';
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

  private constructor(
    private readonly line: Line,
    private readonly names: LogNames,
    private readonly contents: LogContents,
  ) {
    super();
  }

  /**
   * Makes the streams, or brings them to what is wanted, and compares what the server made of it. Refuses a server that is too old
   * (`log.server_too_old`), drops an option (`log.option_dropped`) or does not sync as promised (`log.not_synced`, `log.sync_unknown`).
   */
  static async open(options: JetStreamEventLogOptions): Promise<JetStreamEventLog> {
    const { connection, clock, durability = 'safe', monitor, prefix, capacity, replicas, onFault = warnOfFault } = options;
    const line = await Line.open(connection);
    try {
      const warning = probeVersion(line.version);
      if (warning !== undefined) onFault('the event log', warning);
      if (durability === 'safe' || monitor !== undefined) assertSync(durability, await readSyncReport(monitor));
      const names = new LogNames(prefix);
      const info = await prepareStreams(line, names, { capacity, replicas });
      const contents = new LogContents({ line, names, clock, onFault }, info.config.num_replicas);
      await contents.identity.take(info.created, info.state.last_seq);
      await contents.loadErased();
      return new JetStreamEventLog(line, names, contents);
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
    throw new Error(`not yet ${durable.name} ${typeof handle}`);
  }

  read(from: Position | 'first' | 'now', filter: Pattern, options: ReadOptions): AsyncIterable<LoggedEvent> {
    this.#assertOpen();
    const { line, names, contents } = this;
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

  dead(durable: string): DeadLetters {
    this.#assertOpen();
    throw new Error(`not yet ${durable}`);
  }

  async remove(positions: readonly Position[]): Promise<void> {
    this.#assertOpen();
    positions.forEach((position) => this.contents.assertEpoch(position));
  }

  async trim(before: Position): Promise<number> {
    this.#assertOpen();
    this.contents.assertEpoch(before);
    const { purged } = await this.line.ask((jsm) => jsm.streams.purge(this.names.events, { seq: sequenceFrom(before.offset) }));
    return purged;
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.contents.close();
    await this.line.close();
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw logClosed();
  }
}

import { DomainError } from '@millrace/kernel';
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import { connect, createInbox } from '@nats-io/transport-node';
import type { Msg, NatsConnection, NodeConnectionOptions, Subscription } from '@nats-io/transport-node';
import { reasonOf } from '../../../faults';
import type { FaultReport } from '../../../faults';
import { logClosed, logUnavailable } from '../../refusals';

/** The line to the servers. Calls are refused at once while it is down; it comes up again by itself. */
export class Line {
  readonly #listeners = new Set<(isUp: boolean) => void>();
  #isUp = true;
  #isClosed = false;
  #server: string | undefined;
  #session = 0;
  #sessionSince = -Infinity;
  #oldUpTo = 0;

  private constructor(
    readonly connection: NatsConnection,
    readonly jsm: JetStreamManager,
    private readonly isOwn: boolean,
    private readonly inboxPrefix: string | undefined,
    private readonly onFault: FaultReport,
  ) {
    this.#server = connection.info?.server_id;
    void this.#follow();
  }

  /** Takes a connection that is there, or makes one and closes it in the end. Rejects as the NATS client does when nobody answers. */
  static async open(to: NatsConnection | NodeConnectionOptions, onFault: FaultReport): Promise<Line> {
    const isOwn = !('publish' in to);
    const connection = isOwn ? await connect({ maxReconnectAttempts: -1, noAsyncTraces: true, ...to }) : to;
    try {
      return new Line(connection, await jetstreamManager(connection), isOwn, isOwn ? to.inboxPrefix : undefined, onFault);
    } catch (fault) {
      if (isOwn) await connection.close();
      throw logUnavailable(reasonOf(fault));
    }
  }

  get isUp(): boolean {
    return this.#isUp && !this.#isClosed;
  }

  /** Another number after a reconnection to another server, or to one that was started again: it may know less than the one before. */
  get session(): number {
    return this.#session;
  }

  /** When the session began, by this process's steady clock; long ago for the first one. */
  get sessionSince(): number {
    return this.#sessionSince;
  }

  /**
   * Events up to this sequence are older than the session: its server may have handed them out before it was started again, and not know. 0 in
   * the first session; Infinity until `sawLast`.
   */
  get oldUpTo(): number {
    return this.#oldUpTo;
  }

  /** Somebody asked, in this session, which sequence was the last. */
  sawLast(session: number, sequence: number): void {
    if (session === this.#session && this.#oldUpTo === Infinity) this.#oldUpTo = sequence;
  }

  get version(): string {
    return this.connection.info?.version ?? '0.0.0';
  }

  /** A subject nobody else listens to. Its first token is what the options say: a user may hear no inboxes but its own. */
  inbox(): string {
    return createInbox(this.inboxPrefix);
  }

  /** Listens to a subject. What `take` throws is reported: the client would stop reading from the server, and tell nobody. */
  listen(subject: string, take: (message: Msg) => void): Subscription {
    return this.connection.subscribe(subject, { callback: (_, message) => this.guard(() => take(message)) });
  }

  /** Does something where nobody waits for it: what it throws is reported. */
  guard(work: () => void): void {
    try {
      work();
    } catch (fault) {
      this.onFault('a message of the NATS server could not be taken', fault);
    }
  }

  /** Says something to whoever listens, unless the connection is closed. */
  say(subject: string, body: Uint8Array | string, reply?: string): void {
    if (!this.connection.isClosed()) this.connection.publish(subject, body, reply === undefined ? {} : { reply });
  }

  assertUp(): void {
    if (this.#isClosed) throw logClosed();
    if (!this.#isUp) throw logUnavailable('the NATS server is away');
  }

  /** Whatever the client throws is `log.unavailable`, but for errors of the JetStream API, which are for the caller, and refusals. */
  async ask<T>(work: (jsm: JetStreamManager) => Promise<T>): Promise<T> {
    this.assertUp();
    try {
      return await work(this.jsm);
    } catch (fault) {
      if (fault instanceof JetStreamApiError || fault instanceof DomainError) throw fault;
      throw this.#isClosed ? logClosed() : logUnavailable(reasonOf(fault));
    }
  }

  /** Hears when the line goes down and when it is up again, and `false` at its end. Answers how to stop. */
  onChange(listener: (isUp: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Waits up to `within` milliseconds until the servers have what was sent. */
  async flush(within = 2_000): Promise<void> {
    if (!this.isUp) return;
    const waited = Promise.withResolvers<void>();
    const timer = setTimeout(waited.resolve, within);
    await Promise.race([this.connection.flush().catch(() => undefined), waited.promise]);
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    await this.flush();
    this.#isClosed = true;
    this.#tell(false);
    if (this.isOwn && !this.connection.isClosed()) await this.connection.close();
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (this.#hasClosed()) return;
      if (type === 'disconnect') this.#turn(false);
      else if (type === 'reconnect') this.#turn(true);
    }
    this.#turn(false);
  }

  #hasClosed(): boolean {
    return this.#isClosed;
  }

  #turn(isUp: boolean): void {
    if (this.#isUp === isUp || this.#isClosed) return;
    this.#isUp = isUp;
    const server = this.connection.info?.server_id;
    if (isUp && server !== this.#server) {
      this.#server = server;
      this.#session += 1;
      this.#sessionSince = performance.now();
      this.#oldUpTo = Infinity;
    }
    this.#tell(isUp);
  }

  #tell(isUp: boolean): void {
    for (const listener of [...this.#listeners]) listener(isUp);
  }
}

/** The number the JetStream API gave an error. */
export function errorCode(fault: unknown): number | undefined {
  return fault instanceof JetStreamApiError ? fault.code : undefined;
}

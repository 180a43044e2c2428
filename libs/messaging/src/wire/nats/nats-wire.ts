import { AsyncLocalStorage } from 'node:async_hooks';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { warnOfFault } from '../../faults';
import type { FaultReport } from '../../faults';
import { Wire, wireClosed, wireDisconnected } from '../wire';
import type { Registration, RequestOptions, WireHandlers, WireMessage } from '../wire';
import { messageOf, send } from './framing';
import { Inboxes } from './inboxes';
import type { End } from './inboxes';
import { NatsCall } from './nats-call';
import { NatsService, drained } from './nats-service';
import { BEAT } from './protocol';

export interface NatsWireOptions {
  /** Where the servers are and who this is, as the NATS client takes it. Reconnecting without end is the default. */
  readonly connection: NodeConnectionOptions;
  /** Hears of subscribers that throw. */
  readonly onFault?: FaultReport;
  /** Milliseconds between two signs of life of a stream's caller; after three without, the stream ends. The same at all ends. Default 10 s. */
  readonly beat?: number;
}

/**
 * The wire between processes, over NATS. While the server is away calls are refused at once with `wire.disconnected`; what is served and
 * subscribed comes back by itself. A message may have as many bytes as the server's `max_payload`, headers included.
 */
export class NatsWire extends Wire {
  readonly #end: End;
  readonly #services = new Set<NatsService>();
  readonly #calls = new Set<NatsCall>();
  readonly #onFault: FaultReport;
  #isConnected = true;
  #onReconnect: (() => void)[] = [];

  private constructor(
    private readonly connection: NatsConnection,
    { connection: { inboxPrefix }, beat = BEAT, onFault = warnOfFault }: NatsWireOptions,
  ) {
    super();
    this.#onFault = onFault;
    this.#end = { connection, inboxes: new Inboxes(connection, inboxPrefix), beat };
    void this.#followStatus();
  }

  /** Rejects as the NATS client does when no server can be reached. */
  static async connect(options: NatsWireOptions): Promise<NatsWire> {
    const connection = await connect({ maxReconnectAttempts: -1, noAsyncTraces: true, ...options.connection });
    return new NatsWire(connection, options);
  }

  async request(subject: string, message: WireMessage, options: RequestOptions): Promise<WireMessage> {
    const call = this.#begin('once', subject, message, options);
    try {
      return (await call.next()) ?? { body: new Uint8Array(), headers: {} };
    } finally {
      this.#finish(call);
    }
  }

  async *stream(subject: string, message: WireMessage, options: RequestOptions): AsyncIterable<WireMessage> {
    const call = this.#begin('many', subject, message, options);
    let isOver = false;
    try {
      for (let reply = await call.next(); reply !== undefined; reply = await call.next()) yield reply;
      isOver = true;
    } finally {
      if (!isOver) call.fail(wireClosed());
      this.#finish(call);
    }
  }

  async serve(subject: string, group: string, handlers: WireHandlers): Promise<Registration> {
    this.#assertOpen();
    const service = new NatsService(subject, group, handlers, this.#end);
    this.#services.add(service);
    await this.#inForce();
    return {
      close: async () => {
        await service.close();
        this.#services.delete(service);
      },
    };
  }

  async publish(subject: string, message: WireMessage): Promise<void> {
    this.#assertConnected();
    send(this.connection, { subject }, undefined, message);
  }

  async subscribe(subject: string, handler: (message: WireMessage, subject: string) => void, group?: string): Promise<Registration> {
    this.#assertOpen();
    const inOwnContext = AsyncLocalStorage.snapshot();
    const subscription = this.connection.subscribe(subject, {
      ...(group !== undefined && { queue: group }),
      callback: (_, message) => {
        try {
          inOwnContext(handler, messageOf(message), message.subject);
        } catch (fault) {
          this.#onFault(`a subscriber of "${message.subject}" failed`, fault);
        }
      },
    });
    await this.#inForce();
    return { close: () => drained(subscription) };
  }

  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    for (const service of this.#services) service.abandon();
    this.#failCalls(wireClosed);
    if (this.#isConnected) await this.connection.flush().catch(() => undefined);
    await this.connection.close();
  }

  #begin(part: 'once' | 'many', subject: string, message: WireMessage, options: RequestOptions): NatsCall {
    this.#assertConnected();
    options.signal?.throwIfAborted();
    const call = new NatsCall(subject, options, this.#end);
    this.#calls.add(call);
    try {
      call.begin(part, message);
      return call;
    } catch (error) {
      this.#finish(call);
      throw error;
    }
  }

  #finish(call: NatsCall): void {
    this.#calls.delete(call);
    call.end();
  }

  #failCalls(reason: () => Error): void {
    for (const call of [...this.#calls]) call.fail(reason());
  }

  async #followStatus(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'reconnect') {
        this.#isConnected = true;
        this.#onReconnect.splice(0).forEach((resolve) => resolve());
      } else if (type === 'disconnect') {
        this.#isConnected = false;
        this.#failCalls(wireDisconnected);
      }
    }
    this.#onReconnect.splice(0).forEach((resolve) => resolve());
  }

  /** Resolves when the server has all subscriptions; one made while it is away is made again by the client. */
  async #inForce(): Promise<void> {
    for (;;) {
      this.#assertOpen();
      const isKnown = await this.connection.flush().then(
        () => true,
        () => false,
      );
      if (isKnown) return;
      if (!this.#isConnected) await new Promise<void>((resolve) => this.#onReconnect.push(resolve));
    }
  }

  #assertConnected(): void {
    this.#assertOpen();
    if (!this.#isConnected) throw wireDisconnected();
  }

  #assertOpen(): void {
    if (this.connection.isClosed()) throw wireClosed();
  }
}

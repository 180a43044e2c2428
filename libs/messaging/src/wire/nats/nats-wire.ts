import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { warnOfFault } from '../../faults';
import type { FaultReport } from '../../faults';
import { Link } from '../../nats/link';
import { Wire, wireClosed, wireDisconnected, wireForbidden } from '../wire';
import type { Registration, RequestOptions, WireHandlers, WireMessage } from '../wire';
import { messageOf, send } from './framing';
import { Inboxes } from './inboxes';
import type { End } from './inboxes';
import { NatsCall } from './nats-call';
import { NatsService, drained } from './nats-service';
import { BEAT } from './protocol';

/** Milliseconds for what was said last to reach the server before the connection is closed. */
const LAST_WORDS = 1_000;

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
  #onReconnect: (() => void)[] = [];

  private constructor(
    private readonly link: Link,
    { beat = BEAT, onFault = warnOfFault }: NatsWireOptions,
  ) {
    super();
    this.#onFault = onFault;
    this.#end = { connection: link.connection, inboxes: new Inboxes(link), beat };
    link.follow({
      onUp: () => this.#wake(),
      onDown: () => this.#failCalls(wireDisconnected),
      onForbidden: (subject) => this.#refuse(subject),
    });
    void link.connection.closed().then(() => this.#wake());
  }

  /** Rejects as the NATS client does when no server can be reached. */
  static async connect(options: NatsWireOptions): Promise<NatsWire> {
    return new NatsWire(await Link.open(options.connection), options);
  }

  async request(subject: string, message: WireMessage, options: RequestOptions): Promise<WireMessage> {
    if (!this.link.isUp) await this.#refuseAway();
    const call = this.#begin('once', subject, message, options);
    try {
      return (await call.next()) ?? { body: new Uint8Array(), headers: {} };
    } finally {
      this.#finish(call);
    }
  }

  async *stream(subject: string, message: WireMessage, options: RequestOptions): AsyncIterable<WireMessage> {
    if (!this.link.isUp) await this.#refuseAway();
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
    const service = new NatsService(subject, group, handlers, this.#end, this.link);
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
    if (!this.link.isUp) await this.#refuseAway();
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
    return { close: () => drained(this.link, subscription) };
  }

  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    for (const service of this.#services) service.abandon();
    this.#failCalls(wireClosed);
    await this.link.run(LAST_WORDS, () => this.connection.flush()).catch(() => undefined);
    await this.connection.close();
  }

  private get connection(): NatsConnection {
    return this.link.connection;
  }

  #begin(part: 'once' | 'many', subject: string, message: WireMessage, options: RequestOptions): NatsCall {
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

  /** The server passed none of it on: whoever waits for an answer need not. */
  #refuse(subject: string): void {
    for (const call of [...this.#calls]) if (call.subject === subject) call.fail(wireForbidden(subject));
  }

  #wake(): void {
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
      if (!this.link.isUp) await new Promise<void>((resolve) => this.#onReconnect.push(resolve));
    }
  }

  /** After a turn of the event loop, else a caller that tries again and again would keep the connection from coming back. */
  async #refuseAway(): Promise<never> {
    this.#assertOpen();
    await setImmediate();
    throw wireDisconnected();
  }

  #assertOpen(): void {
    if (this.connection.isClosed()) throw wireClosed();
  }
}

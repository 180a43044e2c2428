import type { Msg, Subscription } from '@nats-io/transport-node';
import type { Line } from '../server/line';

const NANOS = 1_000_000;
/** Milliseconds a request for events waits at the server. A pin, and what is delivered, outlast it. */
const EXPIRES = 2_000;
/** Milliseconds after which a request without an answer is given up. */
const LATE = 1_500;
/** The process that was pinned is another one. */
const WRONG_PIN = 423;
const TIMEOUT = 408;
const NOT_FOUND = 404;

/** What a puller asks of one consumer. */
export interface PullFrom {
  readonly line: Line;
  readonly stream: string;
  readonly consumer: string;
  /** The group of a consumer that belongs to one process at a time. */
  readonly group?: string | undefined;
}

/** An event as it came. */
export interface Delivered {
  readonly subject: string;
  readonly body: Uint8Array;
  /** Where to answer for it. */
  readonly reply: string;
  readonly sequence: number;
  /** 1 for the first. */
  readonly count: number;
  /** How many deliveries the consumer had made, this one included. */
  readonly delivery: number;
  /** It was asked for then, by this process's steady clock: the server has not waited longer for an answer than since then. */
  readonly askedAt: number;
}

export interface PullListener {
  take(delivered: Delivered): void;
  /** The consumer belongs to this process, from now on. */
  pinned(): void;
  /** A request ended: it may be time for another one. */
  asked(): void;
}

interface Request {
  readonly askedAt: number;
  left: number;
}

/** Asks one consumer for events, one request at a time. */
export class Puller {
  #subscription: Subscription | undefined;
  #inbox = '';
  #request: Request | undefined;
  #pin = '';

  constructor(
    private readonly from: PullFrom,
    private readonly listener: PullListener,
  ) {}

  /** Whether the consumer belongs to this process, as far as it knows. */
  get isPinned(): boolean {
    return this.#pin !== '';
  }

  /** How many events are still to come of what was asked for. */
  get left(): number {
    return this.#request?.left ?? 0;
  }

  /** Asks for so many, unless it is still waiting for some. */
  ask(count: number): void {
    const { line, stream, consumer, group } = this.from;
    const now = performance.now();
    if (this.#request !== undefined && now < this.#request.askedAt + EXPIRES + LATE) return;
    if (count <= 0 || !line.isUp) return;
    this.#listen();
    this.#request = { askedAt: now, left: count };
    const pin = group === undefined ? {} : { group, ...(this.#pin !== '' && { id: this.#pin }) };
    const request = { batch: count, expires: EXPIRES * NANOS, ...pin };
    line.say(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify(request), this.#inbox);
  }

  /** The server no longer knows what it was asked for: it is asked again. */
  renew(): void {
    if (this.#request === undefined) return;
    this.forget();
    this.listener.asked();
  }

  /** Takes nothing more of what was asked for; what was on its way is never looked at. */
  forget(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#request = undefined;
  }

  /** As `forget`, but what is on its way is still taken. */
  async drain(): Promise<void> {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    this.#request = undefined;
    if (subscription !== undefined && this.from.line.isUp) await subscription.drain().catch(() => undefined);
    else subscription?.unsubscribe();
  }

  /** Gives the consumer to whoever asks next. */
  async unpin(): Promise<void> {
    const { line, stream, consumer, group } = this.from;
    if (this.#pin === '' || group === undefined) return;
    this.#pin = '';
    await line.ask((jsm) => jsm.consumers.unpin(stream, consumer, group)).catch(() => undefined);
  }

  #listen(): void {
    if (this.#subscription !== undefined) return;
    this.#inbox = this.from.line.inbox();
    this.#subscription = this.from.line.listen(this.#inbox, (message) => this.#take(message));
  }

  #take(message: Msg): void {
    if (message.subject === this.#inbox) return this.#end(message.headers?.code ?? 0);
    const delivered = deliveredOf(message, this.#request?.askedAt ?? performance.now() - EXPIRES);
    // A request that carries a pin is answered under that pin or not at all: reading the headers of every event costs more than the rest.
    if (this.from.group !== undefined && this.#pin === '') this.#follow(message.headers?.get('Nats-Pin-Id') ?? '');
    this.#count();
    this.listener.take(delivered);
    if (this.#request === undefined) this.listener.asked();
  }

  #count(): void {
    if (this.#request === undefined) return;
    this.#request.left -= 1;
    if (this.#request.left === 0) this.#request = undefined;
  }

  #follow(pin: string): void {
    if (pin === '') return;
    this.#pin = pin;
    this.listener.pinned();
  }

  /** After anything but the end of a request (the consumer is gone, its server is stopping …) it is asked again when that is late. */
  #end(code: number): void {
    if (code === WRONG_PIN) this.#pin = '';
    if (code !== WRONG_PIN && code !== TIMEOUT && code !== NOT_FOUND) return;
    this.#request = undefined;
    this.listener.asked();
  }
}

function deliveredOf(message: Msg, askedAt: number): Delivered {
  const reply = message.reply ?? '';
  const tokens = reply.split('.');
  // `$JS.ACK.<stream>.<consumer>.<count>.<sequence>.<…>.<nanoseconds>…`, or with a domain and an account before the stream.
  const at = tokens.length === 9 ? 4 : 6;
  const [count, sequence, delivery] = [Number(tokens[at]), Number(tokens[at + 1]), Number(tokens[at + 2])];
  return { subject: message.subject, body: message.data, reply, sequence, count, delivery, askedAt };
}

import { headers } from '@nats-io/transport-node';
import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import { logClosed, logUnavailable } from '../../refusals';
import type { Line } from '../server/line';

/** Milliseconds the server may take to acknowledge. */
const PATIENCE = 10_000;
const SWEEP = 1_000;

/** A message for a stream. */
export interface Message {
  readonly subject: string;
  readonly body: Uint8Array;
  /** The server keeps one message of an id, as long as it remembers it; absent: no such id. */
  readonly id?: string;
}

/** What the server says of a message, or of a batch as a whole. */
export interface Acknowledged {
  /** Of the message, or of the last of the batch. */
  readonly sequence: number;
  /** The id was known: nothing was added, and `sequence` is that of the first. */
  readonly duplicate: boolean;
}

/** The server refused a message or a batch; `code` is the number its API gives the reason. */
export class Refused extends Error {
  constructor(
    readonly code: number,
    description: string,
  ) {
    super(description);
  }
}

interface Waiting {
  readonly since: number;
  resolve(this: void, answer: Acknowledged): void;
  reject(this: void, error: Error): void;
}

interface PubAck {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code?: number; readonly code: number; readonly description: string };
}

/**
 * Publishes to streams, as many at once as callers like; messages go out in the order of the calls. What is on its way when the line
 * breaks is refused with `log.unavailable`: whether the server has it is unknown.
 */
export class Publisher {
  readonly #inbox: string;
  readonly #waiting = new Map<string, Waiting>();
  readonly #sweep: NodeJS.Timeout;
  readonly #stop: () => void;
  #next = 0;
  #batch = 0;

  constructor(private readonly line: Line) {
    this.#inbox = `${line.inbox()}.`;
    const subscription = line.listen(`${this.#inbox}*`, (message) => this.#take(message));
    const stopListening = line.onChange((isUp) => {
      if (!isUp) this.#refuseAll();
    });
    this.#sweep = setInterval(() => this.#refuseLate(), SWEEP).unref();
    this.#stop = () => {
      subscription.unsubscribe();
      stopListening();
    };
  }

  /** Resolves when the server has it. Rejects with `Refused`, `log.unavailable` or `log.closed`. */
  publish({ subject, body, id }: Message, extra?: Readonly<Record<string, string>>): Promise<Acknowledged> {
    const head = headers();
    if (id !== undefined) head.set('Nats-Msg-Id', id);
    for (const name in extra) head.set(name, extra[name] ?? '');
    return this.#send(subject, body, head);
  }

  /** All of them or none, one right after the other; `Refused` (10201) when the server knows one of the ids. At most `LARGEST_BATCH`. */
  publishAll(messages: readonly Message[]): Promise<Acknowledged> {
    const last = messages.length;
    const batch = `${this.#inbox.slice(-23, -1)}-${(this.#batch += 1)}`;
    let acknowledged: Promise<Acknowledged> | undefined;
    for (const [index, { subject, body, id }] of messages.entries()) {
      const head = headers();
      head.set('Nats-Batch-Id', batch);
      head.set('Nats-Batch-Sequence', String(index + 1));
      if (id !== undefined) head.set('Nats-Msg-Id', id);
      if (index + 1 < last) {
        this.#assertSendable();
        this.line.connection.publish(subject, body, { headers: head });
      } else {
        head.set('Nats-Batch-Commit', '1');
        acknowledged = this.#send(subject, body, head);
      }
    }
    return acknowledged ?? Promise.reject(new Error('a batch of nothing'));
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#stop();
    this.#refuseAll();
  }

  async #send(subject: string, body: Uint8Array, head: MsgHdrs): Promise<Acknowledged> {
    this.#assertSendable();
    const token = (this.#next += 1).toString(36);
    return new Promise((resolve, reject) => {
      this.#waiting.set(token, { since: performance.now(), resolve, reject });
      this.line.connection.publish(subject, body, { reply: this.#inbox + token, headers: head });
    });
  }

  #assertSendable(): void {
    this.line.assertUp();
    if (this.line.connection.isClosed()) throw logClosed();
  }

  #take(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length);
    const waiting = this.#waiting.get(token);
    if (waiting === undefined) return;
    this.#waiting.delete(token);
    if (message.data.length === 0) return waiting.reject(logUnavailable('the NATS server has no stream that takes events'));
    const ack = JSON.parse(message.string()) as PubAck;
    if (ack.error !== undefined) waiting.reject(new Refused(ack.error.err_code ?? ack.error.code, ack.error.description));
    else waiting.resolve({ sequence: ack.seq ?? 0, duplicate: ack.duplicate === true });
  }

  /** They were sent in order: the oldest come first. */
  #refuseLate(): void {
    const before = performance.now() - PATIENCE;
    for (const [token, waiting] of this.#waiting) {
      if (waiting.since > before) return;
      this.#waiting.delete(token);
      waiting.reject(logUnavailable(`the NATS server did not acknowledge within ${PATIENCE / 1_000} s`));
    }
  }

  #refuseAll(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(logUnavailable('the line to the NATS server broke before it acknowledged'));
  }
}

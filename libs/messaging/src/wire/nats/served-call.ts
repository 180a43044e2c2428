import type { Msg } from '@nats-io/transport-node';
import type { WireHandlers, WireMessage, WireRequest } from '../wire';
import { EMPTY, messageOf, partOf, send } from './framing';
import type { Part } from './framing';
import type { End } from './inboxes';
import { CREDIT, GONE_AFTER_BEATS } from './protocol';

/** One request or stream, on its server's side. */
export class ServedCall {
  readonly #controller = new AbortController();
  readonly #reply: string;
  readonly #request: WireRequest;
  #taken = 0;
  #heardAt = performance.now();
  #onNews: (() => void) | undefined;

  constructor(
    private readonly message: Msg,
    private readonly end: End,
  ) {
    this.#reply = message.reply ?? '';
    this.#request = { ...messageOf(message), subject: message.subject, signal: this.#controller.signal };
  }

  /** Answers; resolves when there is nothing more to do. Never rejects. */
  async answer(handlers: WireHandlers): Promise<void> {
    try {
      if (partOf(this.message) === 'many') await this.#answerMany(handlers);
      else await this.#answerOnce(handlers);
    } catch {
      this.#send('failed', EMPTY);
    }
  }

  /** The caller waits no longer. */
  cancel(): void {
    this.#controller.abort();
    this.#onNews?.();
  }

  /** This side ends before the answer does. */
  abandon(): void {
    this.#send('failed', EMPTY);
    this.cancel();
  }

  async #answerOnce(handlers: WireHandlers): Promise<void> {
    if (handlers.request === undefined) return this.#send('unserved', EMPTY);
    this.#send('answer', await handlers.request(this.#request));
  }

  async #answerMany(handlers: WireHandlers): Promise<void> {
    if (handlers.stream === undefined) return this.#send('unserved', EMPTY);
    const control = this.end.inboxes.open((news) => this.#hear(news.string()));
    const watch = setInterval(() => this.#watch(), this.end.beat).unref();
    try {
      this.#send('opened', EMPTY, control.subject);
      await this.#produce(handlers.stream(this.#request));
    } finally {
      clearInterval(watch);
      control.close();
    }
  }

  async #produce(replies: AsyncIterable<WireMessage>): Promise<void> {
    let sent = 0;
    for await (const reply of replies) {
      if (this.#isCancelled()) return;
      this.#send('item', reply);
      sent += 1;
      while (sent - this.#taken >= CREDIT && !this.#isCancelled()) await new Promise<void>((resolve) => (this.#onNews = resolve));
      if (this.#isCancelled()) return;
    }
    this.#send('end', EMPTY);
  }

  #isCancelled(): boolean {
    return this.#controller.signal.aborted;
  }

  #hear(taken: string): void {
    this.#heardAt = performance.now();
    this.#taken = Number(taken);
    this.#onNews?.();
  }

  #watch(): void {
    if (performance.now() - this.#heardAt > GONE_AFTER_BEATS * this.end.beat) this.cancel();
  }

  #send(part: Part, message: WireMessage, reply?: string): void {
    if (this.#isCancelled() || this.end.connection.isClosed()) return;
    send(this.end.connection, { subject: this.#reply, ...(reply !== undefined && { reply }) }, part, message);
  }
}

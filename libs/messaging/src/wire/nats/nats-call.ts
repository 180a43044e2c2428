import type { Msg } from '@nats-io/transport-node';
import { handlerFailed, noOneListens } from '../wire';
import type { RequestOptions, WireMessage } from '../wire';
import { Waiting } from '../waiting';
import { EMPTY, messageOf, partOf, send } from './framing';
import type { End, Inbox } from './inboxes';
import { CREDIT, cancelSubject } from './protocol';

/** One request or stream, on its caller's side. */
export class NatsCall extends Waiting {
  readonly #inbox: Inbox;
  readonly #replies: Msg[] = [];
  #onReply: (() => void) | undefined;
  #control: string | undefined;
  #beat: NodeJS.Timeout | undefined;
  #taken = 0;
  #told = 0;

  constructor(
    subject: string,
    options: RequestOptions,
    private readonly side: End,
  ) {
    super(subject, options);
    this.#inbox = side.inboxes.open((message) => this.#receive(message));
  }

  begin(part: 'once' | 'many', message: WireMessage): void {
    send(this.side.connection, { subject: this.subject, reply: this.#inbox.subject }, part, message);
  }

  /** The next reply; undefined at the end of a stream. */
  async next(): Promise<WireMessage | undefined> {
    const reply = await this.wait(this.#nextReply());
    const part = partOf(reply);
    if (part === 'end') return undefined;
    if (part === 'unserved') throw noOneListens(this.subject);
    if (part === 'failed') throw handlerFailed(this.subject);
    this.#taken += 1;
    if (this.#taken - this.#told >= CREDIT / 2) this.#tellTaken();
    return messageOf(reply);
  }

  override end(): void {
    super.end();
    clearInterval(this.#beat);
    this.#inbox.close();
  }

  protected onBroken(error: unknown): unknown {
    return error;
  }

  protected onFailed(): void {
    if (this.side.connection.isClosed()) return;
    send(this.side.connection, { subject: cancelSubject(this.subject) }, undefined, { ...EMPTY, body: Buffer.from(this.#inbox.subject) });
  }

  #receive(message: Msg): void {
    if (partOf(message) === 'opened') return this.#listenTo(message.reply);
    this.#replies.push(message);
    this.#onReply?.();
  }

  async #nextReply(): Promise<Msg> {
    for (;;) {
      const reply = this.#replies.shift();
      if (reply !== undefined) return reply;
      await new Promise<void>((resolve) => (this.#onReply = resolve));
    }
  }

  /** A stream is open: its server wants to hear now and then that somebody is there. */
  #listenTo(control: string | undefined): void {
    this.#control = control;
    this.#beat = setInterval(() => this.#tellTaken(), this.side.beat).unref();
  }

  #tellTaken(): void {
    if (this.#control === undefined || this.side.connection.isClosed()) return;
    this.#told = this.#taken;
    send(this.side.connection, { subject: this.#control }, undefined, { ...EMPTY, body: Buffer.from(String(this.#taken)) });
  }
}

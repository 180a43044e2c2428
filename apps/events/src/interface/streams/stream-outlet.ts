import type { ServerResponse } from 'node:http';
import { DomainError, type Clock } from '@millrace/kernel';
import { Outlet, type Delivery, type News } from '../../application/ports/outlet';
import { Queue } from '../queue';
import { problemOf } from '../sockets/problem';

/** Milliseconds after which a client that lost its stream comes back. */
const RETRY = 2_000;
/** Milliseconds in which a client may take what was said last. */
const LINGER = 5_000;
const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

export interface StreamOutletParts {
  /** An offset as clients name it. */
  readonly positionOf: (offset: bigint) => string;
  readonly clock: Clock;
  /** Milliseconds for which the client may take nothing of what was sent. */
  readonly unread: number;
}

/** An event stream as a way out: server-sent events, whose ids are positions of the log. */
export class StreamOutlet extends Outlet {
  /** Why it was ended, if we did. */
  ended: string | undefined;
  private readonly queue = new Queue();
  /** Writes that the client has not taken. */
  private pending = 0;
  /** Since when it has taken none of them. */
  private unreadSince = 0;

  constructor(
    readonly id: string,
    private readonly response: ServerResponse,
    private readonly parts: StreamOutletParts,
  ) {
    super();
    response.once('close', () => this.queue.leave());
    response.on('error', () => this.queue.leave());
  }

  /** Begins the answer. From `position` the client goes on if it loses the stream before the first event. */
  open(position: string): void {
    // What the client goes by may have ended meanwhile.
    if (this.queue.isGone) return;
    this.write(`retry: ${RETRY}\nid: ${position}\n\n`);
  }

  /** Shows every proxy on the way that the stream is alive, and the client how far it has come. Lets go of a client that reads nothing. */
  beat(position: string): void {
    if (this.queue.isGone) return;
    const { clock, unread } = this.parts;
    if (this.pending > 0 && clock.now() - this.unreadSince > unread) this.end(unreadFor(position));
    else this.write(`:\nid: ${position}\n\n`);
  }

  override hasRoom(): boolean {
    return this.queue.hasRoom();
  }

  override room(): Promise<boolean> {
    return this.queue.room();
  }

  override deliver({ offset, text: { json } }: Delivery): void {
    if (this.queue.isGone) return;
    const place = offset === undefined ? '' : `id: ${this.parts.positionOf(offset)}\n`;
    const text = `event: event\n${place}data: ${oneLine(json)}\n\n`;
    this.queue.add(text.length);
    this.write(text, () => this.queue.take(text.length));
  }

  override tell(news: News): void {
    switch (news.kind) {
      case 'gap':
        return this.say('gap', { reason: news.reason, from: news.from }, news.from);
      case 'auth.expiring':
        return this.say('auth.expiring', { expiresAt: news.expiresAt });
      case 'revoked':
        return this.say('revoked', { topic: news.topic });
      case 'caught-up':
        return this.say('caught-up', { position: news.position }, news.position);
    }
  }

  /** Asks the client to come back at once: it will be served elsewhere. */
  drain(): void {
    if (this.queue.isGone) return;
    this.say('drain', { within: 0 });
    this.finish('drain');
  }

  override end(reason: DomainError): void {
    if (this.queue.isGone) return;
    this.say('problem', problemOf(reason));
    this.finish(reason.code);
  }

  private finish(reason: string): void {
    this.ended = reason;
    this.queue.leave();
    this.response.end();
    const timer = setTimeout(() => this.response.destroy(), LINGER).unref();
    this.response.once('close', () => clearTimeout(timer));
  }

  private write(text: string, onTaken: () => void = () => undefined): void {
    if (!this.response.headersSent) this.response.writeHead(200, HEADERS);
    if (this.pending === 0) this.unreadSince = this.parts.clock.now();
    this.pending += 1;
    this.response.write(text, () => {
      this.pending -= 1;
      this.unreadSince = this.parts.clock.now();
      onTaken();
    });
  }

  private say(event: string, body: object, position?: string): void {
    if (this.queue.isGone) return;
    this.write(`event: ${event}\n${position === undefined ? '' : `id: ${position}\n`}data: ${JSON.stringify(body)}\n\n`);
  }
}

function unreadFor(position: string): DomainError {
  return new DomainError('events.slow', 'exhausted', `Nobody reads this stream. Open it again and go on from ${position}.`, {
    facts: { position },
  });
}

/** A payload is spliced as it came: line breaks can stand between its values, never inside of one. */
function oneLine(json: string): string {
  return json.includes('\n') || json.includes('\r') ? json.replace(/[\r\n]/g, ' ') : json;
}

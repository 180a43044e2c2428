import type { ServerResponse } from 'node:http';
import type { DomainError } from '@millrace/kernel';
import { Outlet, type Delivery, type News } from '../../application/ports/outlet';
import { Queue } from '../queue';
import { problemOf } from '../sockets/problem';

/** Milliseconds after which a client that lost its stream comes back. */
const RETRY = 2_000;
/** Milliseconds in which a client may take what was said last. */
const LINGER = 5_000;
const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** An event stream as a way out: server-sent events, whose ids are positions of the log. */
export class StreamOutlet extends Outlet {
  /** Why it was ended, if we did. */
  ended: string | undefined;
  private readonly queue = new Queue();

  /** `positionOf`: an offset as clients name it. */
  constructor(
    readonly id: string,
    private readonly response: ServerResponse,
    private readonly positionOf: (offset: bigint) => string,
  ) {
    super();
    response.once('close', () => this.queue.leave());
    response.on('error', () => this.queue.leave());
  }

  /** Begins the answer. From `position` the client goes on if it loses the stream before the first event. */
  open(position: string): void {
    this.response.writeHead(200, HEADERS);
    this.response.write(`retry: ${RETRY}\nid: ${position}\n\n`);
  }

  /** Shows every proxy on the way that the stream is alive, and the client how far it has come. */
  beat(position: string): void {
    if (!this.queue.isGone) this.response.write(`:\nid: ${position}\n\n`);
  }

  override hasRoom(): boolean {
    return this.queue.hasRoom();
  }

  override room(): Promise<boolean> {
    return this.queue.room();
  }

  override deliver({ offset, text: { json } }: Delivery): void {
    if (this.queue.isGone) return;
    const place = offset === undefined ? '' : `id: ${this.positionOf(offset)}\n`;
    const text = `event: event\n${place}data: ${oneLine(json)}\n\n`;
    this.queue.add(text.length);
    this.response.write(text, () => this.queue.take(text.length));
  }

  override tell(news: News): void {
    switch (news.kind) {
      case 'gap':
        return this.say('gap', { reason: news.reason, from: news.from }, news.from);
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

  private say(event: string, body: object, position?: string): void {
    if (this.queue.isGone) return;
    this.response.write(`event: ${event}\n${position === undefined ? '' : `id: ${position}\n`}data: ${JSON.stringify(body)}\n\n`);
  }
}

/** A payload is spliced as it came: line breaks can stand between its values, never inside of one. */
function oneLine(json: string): string {
  return json.includes('\n') || json.includes('\r') ? json.replace(/[\r\n]/g, ' ') : json;
}

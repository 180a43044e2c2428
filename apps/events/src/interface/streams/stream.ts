import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatPosition } from '@millrace/messaging';
import type { Guest } from '../../application/live/closings';
import { Listener } from '../../application/live/listener';
import type { LiveFeed } from '../../application/live/live-feed';
import { STREAM, subscriptionOf, type AskedStream } from './asked';
import type { Admission, Doorkeeper } from '../sockets/doorkeeper';
import { StreamOutlet } from './stream-outlet';

const BEAT = 15_000;

/** Who asks for a stream, over which exchange. */
export interface Exchange {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** One client that reads a stream: a receiver with one subscription. */
export class Stream {
  private readonly listener: Listener;
  private readonly beat: NodeJS.Timeout;
  private readonly guest: Guest;

  private constructor(
    private readonly feed: LiveFeed,
    admission: Admission,
    readonly outlet: StreamOutlet,
    asOf: bigint,
  ) {
    this.listener = new Listener(admission.reading, feed, outlet, asOf);
    this.guest = { is: () => admission, end: (reason) => outlet.end(reason) };
    feed.closings.enter(this.guest);
    this.beat = setInterval(() => outlet.beat(this.listener.position), BEAT);
  }

  /** Begins to answer; refuses as `subscribe` does, and who may not read here. */
  static async open(feed: LiveFeed, doorkeeper: Doorkeeper, { id, request, response }: Exchange, asked: AskedStream): Promise<Stream> {
    const subscription = subscriptionOf(asked);
    const asOf = feed.expect();
    await doorkeeper.meet(request);
    const admission = await doorkeeper.admit(request, asked.where, undefined);
    const outlet = new StreamOutlet(id, response, (offset) => formatPosition({ epoch: feed.epoch, offset }));
    const stream = new Stream(feed, admission, outlet, asOf);
    try {
      const { answer, begin } = await stream.listener.subscribe(subscription);
      outlet.open(answer.position);
      if (answer.reason !== undefined) outlet.tell({ kind: 'gap', sub: STREAM, reason: answer.reason, from: answer.position });
      begin();
      return stream;
    } catch (error) {
      stream.close();
      throw error;
    }
  }

  /** Lets go of everything. */
  close(): void {
    clearInterval(this.beat);
    this.listener.close();
    this.feed.closings.leave(this.guest);
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Alarms } from '@millrace/kernel';
import { formatPosition } from '@millrace/messaging';
import type { Attendance, Seat } from '../../application/live/attendance/attendance';
import type { Guest } from '../../application/live/closings';
import type { LiveConnection } from '../../application/live/connections/live-connections';
import { Expiry } from '../../application/live/expiry';
import { Listener } from '../../application/live/listener';
import type { LiveFeed } from '../../application/live/live-feed';
import { STREAM, subscriptionOf, type AskedStream } from './asked';
import { visitOf, type Admission, type Doorkeeper } from '../sockets/doorkeeper';
import { StreamOutlet } from './stream-outlet';

const BEAT = 15_000;

export interface StreamParts {
  readonly feed: LiveFeed;
  readonly doorkeeper: Doorkeeper;
  readonly alarms: Alarms;
  readonly attendance: Attendance;
  /** Milliseconds for which a client may take nothing of what was sent. */
  readonly unread: number;
}

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
  private readonly expiry: Expiry;
  private readonly leaveRoll: () => void;

  private constructor(
    private readonly parts: StreamParts,
    admission: Admission,
    private readonly seat: Seat,
    readonly outlet: StreamOutlet,
    asOf: bigint,
  ) {
    const { feed, alarms } = parts;
    this.listener = new Listener(admission.reading, feed, outlet, asOf, seat);
    this.guest = { is: () => admission, end: (reason) => outlet.end(reason) };
    feed.closings.enter(this.guest);
    this.leaveRoll = this.enterRoll(admission);
    this.expiry = new Expiry(outlet, { clock: feed.parts.clock, alarms });
    this.beat = setInterval(() => outlet.beat(this.listener.position), BEAT);
  }

  /** Begins to answer; refuses as `subscribe` does, and who may not read here. */
  static async open(parts: StreamParts, { id, request, response }: Exchange, asked: AskedStream): Promise<Stream> {
    const { feed, doorkeeper, attendance, unread } = parts;
    const subscription = subscriptionOf(asked);
    const asOf = feed.expect();
    await doorkeeper.meet(request);
    const admission = await doorkeeper.admit(request, asked.where, undefined);
    const positionOf = (offset: bigint): string => formatPosition({ epoch: feed.epoch, offset });
    const seat = attendance.enter(visitOf(admission, asked.where, response));
    const outlet = new StreamOutlet(id, response, { positionOf, unread, clock: feed.parts.clock });
    const stream = new Stream(parts, admission, seat, outlet, asOf);
    try {
      const { answer, begin } = await stream.listener.subscribe(subscription);
      outlet.open(answer.position);
      if (answer.reason !== undefined) outlet.tell({ kind: 'gap', sub: STREAM, reason: answer.reason, from: answer.position });
      begin();
      stream.expiry.watch(admission.expiresAt);
      return stream;
    } catch (error) {
      stream.close();
      throw error;
    }
  }

  /** Lets go of everything. */
  close(): void {
    clearInterval(this.beat);
    this.expiry.stop();
    this.listener.close();
    this.seat.leave();
    this.parts.feed.closings.leave(this.guest);
    this.leaveRoll();
  }

  private enterRoll({ principal: { kind, id: principal }, reading: { place } }: Admission): () => void {
    const { outlet, listener } = this;
    const { connections, parts } = this.parts.feed;
    const known = { id: outlet.id, kind, principal, openedAt: parts.clock.now() };
    const entry: LiveConnection = {
      ...known,
      describe: () => ({ ...known, transport: 'stream', ...listener.describe() }),
      dismiss: (reason) => outlet.end(reason),
    };
    connections.enter(place, entry);
    return () => connections.leave(place, entry);
  }
}

import type { DomainError } from '@millrace/kernel';
import { Outlet, type Delivery, type EventText, type News } from '../../application/ports/outlet';
import { Queue } from '../queue';
import { textFrame } from './frame';
import { problemOf } from './problem';
import type { WorkspaceSocket } from './socket';

/** What engine.io puts before a message. */
const MESSAGE = '4';
/** What ends a packet behind its event. */
const CLOSING = '}]';
const UNPACKED = { compress: false };

/** The ends of packets as bytes, made once for all sockets that get an event alike. */
const endings = new WeakMap<EventText, Uint8Array>();

/** A socket as a way out. Deliveries are written as packets put together from what was encoded for all receivers at once. */
export class SocketOutlet extends Outlet {
  private readonly queue = new Queue();
  private readonly opening: string;

  constructor(private readonly socket: WorkspaceSocket) {
    super();
    // An event packet of the socket.io protocol, 5th revision: type 2, namespace, arguments.
    this.opening = `2${socket.nsp.name},["event",{"n":`;
    socket.on('disconnect', () => this.queue.leave());
  }

  override get id(): string {
    return this.socket.id;
  }

  override hasRoom(): boolean {
    return this.queue.hasRoom();
  }

  override room(): Promise<boolean> {
    return this.queue.room();
  }

  override deliver({ n, subs, offset, text }: Delivery): void {
    if (this.queue.isGone) return;
    const { conn } = this.socket;
    const place = offset === undefined ? '' : `"offset":"${offset}",`;
    const head = `${this.opening}${n},"subs":${JSON.stringify(subs)},${place}"event":`;
    const length = head.length + text.json.length;
    this.queue.add(length);
    const taken = (): void => this.queue.take(length);
    if (conn.transport.name !== 'websocket') conn.write(head + text.json + CLOSING, UNPACKED, taken);
    else conn.write('', framed(MESSAGE + head, text), taken);
  }

  override tell({ kind, ...body }: News): void {
    this.socket.emit(kind, body);
  }

  /** Closes the connection rather than the socket: the client's own reconnection then sets in. */
  override end(reason: DomainError): void {
    if (this.queue.isGone) return;
    this.socket.emit('problem', problemOf(reason));
    this.socket.data.ended = reason.code;
    this.queue.leave();
    this.socket.conn.close();
  }

  /** Closes the socket alone: its client does not come back by itself, and keeps what else it has over the connection. */
  dismiss(reason: DomainError): void {
    if (this.queue.isGone) return;
    this.socket.emit('problem', problemOf(reason));
    this.socket.data.ended = reason.code;
    this.queue.leave();
    this.socket.disconnect();
  }
}

/** Tells engine.io that the frame is made already: it writes nothing else then (as socket.io does for its rooms). */
function framed(head: string, text: EventText): typeof UNPACKED {
  const ending = endings.get(text) ?? Buffer.from(text.json + CLOSING);
  endings.set(text, ending);
  const options = { ...UNPACKED, wsPreEncodedFrame: textFrame(head, ending) };
  return options;
}

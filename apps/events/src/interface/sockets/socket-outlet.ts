import type { DomainError } from '@millrace/kernel';
import { Outlet, type Delivery, type EventText, type News } from '../../application/ports/outlet';
import { Queue } from '../queue';
import { textFrame } from './frame';
import { problemOf } from './problem';
import type { WorkspaceSocket } from './socket';
import { Turn, type Corkable } from './turn';

/** What engine.io puts before a message. */
const MESSAGE = '4';
/** What ends a packet behind its event. */
const CLOSING = '}]';
const UNPACKED = { compress: false };

/** The ends of packets as bytes, made once for all sockets that get an event alike. */
const endings = new WeakMap<EventText, Uint8Array>();

/** The frame that was made last: the next socket mostly has had as many deliveries, and wants this one under the same names. */
let latest: { readonly head: string; readonly text: EventText; readonly frame: readonly Uint8Array[] } | undefined;

/** As much of a transport as engine.io itself uses to send a frame that is made already, as socket.io does for its rooms. */
interface FrameTransport {
  readonly socket: {
    readonly _sender: { sendFrame(frame: readonly Uint8Array[], onTaken: () => void): void };
    readonly _socket: Corkable;
  };
}

/** A socket as a way out. Deliveries are written as packets put together from what was encoded for all receivers at once. */
export class SocketOutlet extends Outlet {
  private readonly queue = new Queue();
  private readonly opening: string;
  private turn: Turn | undefined;
  /** Deliveries in it. */
  private inTurn = 0;

  /** `onWritten`: is told whenever the socket has taken a delivery. */
  constructor(
    private readonly socket: WorkspaceSocket,
    private readonly onWritten: () => void = () => undefined,
  ) {
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
    const taken = (): void => {
      this.queue.take(length);
      this.onWritten();
    };
    if (conn.transport.name !== 'websocket') conn.write(head + text.json + CLOSING, UNPACKED, taken);
    else this.send(frameOf(MESSAGE + head, text), taken);
  }

  override tell({ kind, ...body }: News): void {
    this.socket.emit(kind, body);
  }

  /**
   * While engine.io holds nothing back, a frame goes straight to the WebSocket: nothing it has been given can be overtaken, and none of
   * what it does for each packet is needed. Else the frame takes its place behind what waits there. The first frame of a turn is written at
   * once, what follows in the same turn together at its end.
   */
  private send(frame: readonly Uint8Array[], taken: () => void): void {
    const { conn } = this.socket;
    if (conn.readyState !== 'open' || !conn.transport.writable) {
      conn.write('', framed(frame), taken);
      return;
    }
    const { _sender: sender, _socket: stream } = webSocketOf(conn.transport);
    if (this.countInTurn() === 2) Turn.current.hold(stream);
    sender.sendFrame(frame, taken);
  }

  private countInTurn(): number {
    if (this.turn !== Turn.current) {
      this.turn = Turn.current;
      this.inTurn = 0;
    }
    this.inTurn += 1;
    return this.inTurn;
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

function frameOf(head: string, text: EventText): readonly Uint8Array[] {
  if (latest?.text === text && latest.head === head) return latest.frame;
  const ending = endings.get(text) ?? Buffer.from(text.json + CLOSING);
  endings.set(text, ending);
  latest = { head, text, frame: textFrame(head, ending) };
  return latest.frame;
}

function webSocketOf(transport: object): FrameTransport['socket'] {
  return (transport as FrameTransport).socket;
}

/** Tells engine.io that the frame is made already: it writes nothing else then. */
function framed(frame: readonly Uint8Array[]): typeof UNPACKED {
  const options = { ...UNPACKED, wsPreEncodedFrame: frame };
  return options;
}

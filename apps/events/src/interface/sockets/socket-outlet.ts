import type { DomainError } from '@millrace/kernel';
import { Outlet, type Delivery, type News } from '../../application/ports/outlet';
import { Queue } from '../queue';
import { problemOf } from './problem';
import type { WorkspaceSocket } from './socket';

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

  override deliver({ n, subs, offset, json }: Delivery): void {
    if (this.queue.isGone) return;
    const place = offset === undefined ? '' : `"offset":"${offset}",`;
    const packet = `${this.opening}${n},"subs":${JSON.stringify(subs)},${place}"event":${json}}]`;
    this.queue.add(packet.length);
    this.socket.conn.write(packet, { compress: false }, () => this.queue.take(packet.length));
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
}

import type { DomainError } from '@millrace/kernel';
import { Outlet, type Delivery, type News } from '../../application/ports/outlet';
import { problemOf } from './problem';
import type { WorkspaceSocket } from './socket';

const MOST_QUEUED = 1_000;
const MOST_BYTES = 1024 * 1024;
/** Nothing new is queued before the queue is down to this part of its limits. */
const REFILL_BELOW = 0.5;

/** A socket as a way out. Deliveries are written as packets put together from what was encoded for all receivers at once. */
export class SocketOutlet extends Outlet {
  private queued = 0;
  private bytes = 0;
  private gone = false;
  private waiting: ((open: boolean) => void)[] = [];
  private readonly opening: string;

  constructor(private readonly socket: WorkspaceSocket) {
    super();
    // An event packet of the socket.io protocol, 5th revision: type 2, namespace, arguments.
    this.opening = `2${socket.nsp.name},["event",{"n":`;
    socket.on('disconnect', () => this.leave());
  }

  override get id(): string {
    return this.socket.id;
  }

  override hasRoom(): boolean {
    return !this.gone && this.queued < MOST_QUEUED && this.bytes < MOST_BYTES;
  }

  override room(): Promise<boolean> {
    if (this.gone || this.hasRoom()) return Promise.resolve(!this.gone);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }

  override deliver({ n, subs, offset, json }: Delivery): void {
    if (this.gone) return;
    const place = offset === undefined ? '' : `"offset":"${offset}",`;
    const packet = `${this.opening}${n},"subs":${JSON.stringify(subs)},${place}"event":${json}}]`;
    this.queued += 1;
    this.bytes += packet.length;
    this.socket.conn.write(packet, { compress: false }, () => this.taken(packet.length));
  }

  override tell({ kind, ...body }: News): void {
    this.socket.emit(kind, body);
  }

  /** Closes the connection rather than the socket: the client's own reconnection then sets in. */
  override end(reason: DomainError): void {
    if (this.gone) return;
    this.socket.emit('problem', problemOf(reason));
    this.socket.data.ended = reason.code;
    this.leave();
    this.socket.conn.close();
  }

  private taken(bytes: number): void {
    this.queued -= 1;
    this.bytes -= bytes;
    if (this.waiting.length > 0 && this.queued <= MOST_QUEUED * REFILL_BELOW && this.bytes <= MOST_BYTES * REFILL_BELOW) this.wake(true);
  }

  private leave(): void {
    this.gone = true;
    this.wake(false);
  }

  private wake(open: boolean): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve(open);
  }
}

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { stackSetting } from './stack-setting';

/**
 * The way to a server of the stack, which a spec may shut: whoever goes through it then finds nobody there, and what was open breaks. The
 * server itself goes on, and serves others.
 */
export class ServerDoor implements AsyncDisposable {
  private readonly inside = new Set<Socket>();
  private readonly server = createServer((socket) => this.lead(socket));
  private port = 0;

  private constructor(private readonly behind: string) {}

  /** Opens a door to the server that the variable of the stack names. */
  static async to(variable: string): Promise<ServerDoor> {
    const door = new ServerDoor(stackSetting(variable));
    await door.open();
    door.port = (door.server.address() as AddressInfo).port;
    return door;
  }

  /** What the variable says, but for the port: that of the door. */
  get url(): string {
    return this.behind.replace(`:${new URL(this.behind).port}`, `:${this.port}`);
  }

  /** The server is there, again; at the same address each time. */
  async open(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Nobody answers any more. */
  async shut(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.inside) socket.destroy();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.server.listening) await this.shut();
  }

  private lead(outer: Socket): void {
    const { port, hostname } = new URL(this.behind);
    const inner = connect(Number(port), hostname);
    this.pass(outer, inner);
    this.pass(inner, outer);
  }

  private pass(from: Socket, to: Socket): void {
    this.inside.add(from);
    from.on('error', () => from.destroy());
    from.once('close', () => {
      this.inside.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}

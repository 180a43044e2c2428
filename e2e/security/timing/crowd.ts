import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { EventsService } from '@millrace/contracts';
import { Ground, type Answered } from '../ground';

/** How many connections send next to nothing. */
const SLOW = 200;
/** How many events one call makes. */
const AT_ONCE = 250;

/** An installation with a workspace full of events, a caller who may search it, and senders that never come to an end. */
export class Crowd {
  private readonly sockets: Socket[] = [];

  private constructor(
    readonly ground: Ground,
    readonly authorization: string,
    readonly workspace: string,
  ) {}

  /** With as many events, which have forty words each. */
  static async make(events: number): Promise<Crowd> {
    const ground = await Ground.make();
    const ada = await ground.as('ada');
    const crowd = new Crowd(ground, `Bearer ${await ground.token('ada')}`, await ground.workspace(ada));
    const words = Array.from({ length: 40 }, (_, at) => `word${at}`).join(' ');
    for (let at = 0; at < events; at += AT_ONCE) {
      const made = Array.from({ length: AT_ONCE }, (_, index) => ({ type: 'load.made', payload: { at: at + index, words } }));
      await ada.call(EventsService.method.emitEvents, { workspaceId: crowd.workspace, events: made });
    }
    return crowd;
  }

  async ask(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    return this.ground.ask(path, { headers: { authorization: this.authorization, ...headers } });
  }

  async search(where: string): Promise<Answered> {
    return this.ground.ask(`/v1/workspaces/${this.workspace}/events:search`, {
      method: 'POST',
      headers: { authorization: this.authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ where, limit: 200 }),
    });
  }

  /** Opens the connections of the slow senders, half of which have come to the body, and has all of them send one byte more. */
  async sendSlowly(): Promise<void> {
    const { hostname, port } = new URL(this.ground.url);
    const head = 'GET /v1/workspaces HTTP/1.1\r\nhost: x\r\nx-slow: ';
    const body = `POST /v1/workspaces/${this.workspace}/events HTTP/1.1\r\nhost: x\r\nauthorization: ${this.authorization}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{`;
    for (let at = this.sockets.length; at < SLOW; at++) {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      this.sockets.push(socket);
      await once(socket, 'connect');
      socket.write(at % 2 === 0 ? head : body);
    }
    for (const socket of this.sockets) if (socket.writable) socket.write('x');
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await this.ground.stop();
  }
}

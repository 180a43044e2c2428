import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Delivery, EventText } from '../../application/ports/outlet';
import type { WorkspaceSocket } from './socket';
import { SocketOutlet } from './socket-outlet';

type Frame = readonly Uint8Array[];

/** A connection that notes what goes straight to its WebSocket, and what is given to engine.io. */
class Connection {
  readyState = 'open';
  readonly direct: Frame[] = [];
  readonly given: (Frame | string)[] = [];
  readonly onTaken: (() => void)[] = [];
  /** How its stream was corked, and its deliveries in between. */
  readonly held: string[] = [];
  readonly transport = {
    name: 'websocket',
    writable: true,
    socket: {
      _socket: { cork: (): unknown => this.held.push('held'), uncork: (): unknown => this.held.push('written') },
      _sender: {
        sendFrame: (frame: Frame, onTaken: () => void): void => {
          this.direct.push(frame);
          this.held.push('frame');
          this.onTaken.push(onTaken);
        },
      },
    },
  };

  write(data: string, options: { readonly wsPreEncodedFrame?: Frame }, onTaken: () => void): void {
    this.given.push(options.wsPreEncodedFrame ?? data);
    this.onTaken.push(onTaken);
  }
}

const text: EventText = { json: JSON.stringify({ id: 'e1', payload: { pad: 'x'.repeat(200) } }) };
const delivery: Delivery = { n: 1, subs: ['a'], offset: 7n, text, event: {} as Delivery['event'] };
const packet = `42/v1/me/events,["event",{"n":1,"subs":["a"],"offset":"7","event":${text.json}}]`;

describe('a delivery to a socket', () => {
  let conn: Connection;
  let written: number;
  let outlet: SocketOutlet;

  const outletOf = (connection: Connection): SocketOutlet => {
    const socket = Object.assign(new EventEmitter(), { id: 's1', nsp: { name: '/v1/me/events' }, conn: connection });
    return new SocketOutlet(socket as unknown as WorkspaceSocket, () => (written += 1));
  };
  const said = (frame: Frame | string | undefined): string =>
    typeof frame === 'object' ? Buffer.concat(frame).subarray(4).toString() : String(frame);

  beforeEach(() => {
    conn = new Connection();
    written = 0;
    outlet = outletOf(conn);
  });

  it('goes straight to the WebSocket while nothing waits before it', () => {
    outlet.deliver(delivery);
    expect([said(conn.direct[0]), conn.given]).toEqual([packet, []]);
    conn.onTaken[0]?.();
    expect(written).toBe(1);
  });

  it.each(['what waits', 'the end of the connection'])('takes its place behind %s', (what) => {
    if (what === 'what waits') conn.transport.writable = false;
    else conn.readyState = 'closing';
    outlet.deliver(delivery);
    expect([conn.direct, said(conn.given[0])]).toEqual([[], packet]);
  });

  it('is a packet as any other where there is no WebSocket', () => {
    conn.transport.name = 'polling';
    outlet.deliver(delivery);
    expect([conn.direct, conn.given]).toEqual([[], [packet.slice(1)]]);
  });

  it('is one frame for all who have had as many and want it under the same names, and another for others', () => {
    const [second, third] = [new Connection(), new Connection()];
    outlet.deliver(delivery);
    outletOf(second).deliver(delivery);
    outletOf(third).deliver({ ...delivery, n: 2 });
    expect(second.direct[0]).toBe(conn.direct[0]);
    expect(said(third.direct[0])).toBe(packet.replace('"n":1', '"n":2'));
    outlet.deliver({ ...delivery, text: { json: text.json.replace('e1', 'e2') } });
    expect(said(conn.direct[1])).toBe(packet.replace('e1', 'e2'));
  });

  it('is written at once when it is the first of its turn, and together with the others at the end of the turn else', async () => {
    const ended = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
    for (const n of [1, 2, 3]) outlet.deliver({ ...delivery, n });
    await ended();
    expect(conn.held.splice(0)).toEqual(['frame', 'held', 'frame', 'frame', 'written']);
    outlet.deliver({ ...delivery, n: 4 });
    await ended();
    expect(conn.held).toEqual(['frame']);
  });

  it('has room until a thousand are on their way', () => {
    for (let count = 0; count < 1_000; count++) outlet.deliver(delivery);
    expect(outlet.hasRoom()).toBe(false);
    for (const taken of conn.onTaken) taken();
    expect([outlet.hasRoom(), written]).toEqual([true, 1_000]);
  });
});

import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Server, type Socket } from 'socket.io';
import { EventFeed } from './event-feed';

describe('a feed of live events', () => {
  let http: HttpServer;
  let io: Server;
  let feed: EventFeed;
  let tokens: number;
  const came: Socket[] = [];

  beforeEach(async () => {
    tokens = 0;
    http = createServer();
    io = new Server(http, { serveClient: false });
    io.of('/v1/workspaces/mill/events').on('connection', (socket) => {
      came.push(socket);
      socket.on('subscribe', (_asked: object, answer: (said: object) => void) => answer({ position: 'log-1', recovered: true }));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    feed = new EventFeed({ url, token: () => `token-${++tokens}` }, 'mill', {});
    await feed.start(() => undefined);
  });

  afterEach(async () => {
    feed.stop();
    came.splice(0);
    await io.close();
  });

  it('goes on with a new token when the one it came with is about to end', async () => {
    const [socket] = came;
    const told = new Promise((resolve) => socket?.once('auth', resolve));
    socket?.emit('auth.expiring', { expiresAt: '2026-01-01T00:00:00Z' });
    expect(await told).toEqual({ token: 'token-2' });
  });

  it('comes back with a new token when its connection has ended', async () => {
    const back = once(io.of('/v1/workspaces/mill/events'), 'connection') as Promise<[Socket]>;
    came[0]?.conn.close();
    const [socket] = await back;
    expect([came[0]?.handshake.auth, socket.handshake.auth]).toEqual([{ token: 'token-1' }, { token: 'token-2' }]);
  });
});

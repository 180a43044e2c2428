import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { NearServers } from '@millrace/service';
import { Server } from 'socket.io';
import { io, type Socket as ClientSocket } from 'socket.io-client';
import { FindEventInstance } from '../../application/find-event-instance';
import { EventInstances, type EventInstance } from '../../application/ports/event-instances';
import { ANNAS_TOKEN, EXPIRED_TOKEN, openStage, type Stage } from '../../../testing/stage';
import { Origins } from '../http/origins';
import { SocketRequests } from './socket-requests';
import { Sockets } from './sockets';

const ANNAS_END = String(Number.MAX_SAFE_INTEGER);

/** Instances that a test may change. */
class Listed extends EventInstances {
  list: EventInstance[] = [];

  override all(): readonly EventInstance[] {
    return this.list;
  }
}

/** An events instance with a real socket.io server. */
interface House {
  readonly http: HttpServer;
  readonly io: Server;
  readonly heads: IncomingHttpHeaders[];
  readonly announced: EventInstance;
}

async function openHouse(instance: string, sockets: number): Promise<House> {
  const http = createServer();
  const server = new Server(http, { serveClient: false, pingInterval: 25_000 });
  const heads: IncomingHttpHeaders[] = [];
  http.prependListener('request', ({ headers }: IncomingMessage) => heads.push(headers));
  http.prependListener('upgrade', ({ headers }: IncomingMessage) => heads.push(headers));
  let count = 0;
  server.engine.generateId = () => `${instance}.${++count}`;
  server.on('connection', (socket) => {
    socket.on('echo', (value: unknown, done: (value: unknown) => void) => done({ instance, value }));
    socket.on('leave', () => socket.disconnect(true));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return { http, io: server, heads, announced: { instance, address: `127.0.0.1:${port}`, sockets, draining: false } };
}

describe('sockets through the gateway', () => {
  let stage: Stage;
  let sockets: Sockets;
  let houses: readonly [House, House];
  const instances = new Listed();
  const near = new NearServers();
  const clients: ClientSocket[] = [];
  const raw: Socket[] = [];

  beforeAll(async () => {
    houses = [await openHouse('evi_a', 3), await openHouse('evi_b', 1)];
    stage = await openStage({
      origins: ['https://console.test'],
      routes: ({ callers, passports, policies, metrics }) => {
        const find = new FindEventInstance(instances);
        sockets = new Sockets(
          new SocketRequests({ find, callers, passports, origins: new Origins(['https://console.test']) }),
          near,
          policies,
          metrics,
        );
        return [sockets];
      },
    });
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
    for (const socket of raw.splice(0)) socket.destroy();
    near.close(houses[1].announced.address);
  });

  afterAll(async () => {
    await sockets.close();
    await stage[Symbol.asyncDispose]();
    for (const house of houses) await house.io.close();
  });

  const all = (): EventInstance[] => houses.map(({ announced }) => announced);

  function client(transports: string[], headers: Record<string, string> = {}): ClientSocket {
    const socket = io(stage.url, { transports, extraHeaders: headers, forceNew: true, reconnection: false });
    clients.push(socket);
    return socket;
  }

  const connected = async (socket: ClientSocket): Promise<ClientSocket> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
    await promise;
    return socket;
  };

  it.each([[['websocket']], [['polling']], [['polling', 'websocket']]])('speak both ways over %j', async (transports) => {
    instances.list = all();
    const socket = await connected(client(transports));
    const value = { text: 'ä'.repeat(10_000) };
    expect(await socket.emitWithAck('echo', value)).toEqual({ instance: 'evi_b', value });
  });

  const areNear = (): void => near.open(houses[1].announced.address, (...upgrade) => void houses[1].http.emit('upgrade', ...upgrade));

  it('are handed over to an instance of this process, so that nothing of them is carried', async () => {
    instances.list = all();
    areNear();
    const carried = once(houses[1].http, 'connection').then(() => 'carried');
    const socket = await connected(client(['websocket']));
    const value = { text: 'ä'.repeat(10_000) };
    expect(await Promise.race([carried, socket.emitWithAck('echo', value)])).toEqual({ instance: 'evi_b', value });
    const polling = client(['polling', 'websocket']);
    await Promise.all([once(polling.io.engine as never, 'upgrade'), connected(polling)]);
    expect(await polling.emitWithAck('echo', 1)).toEqual({ instance: 'evi_b', value: 1 });
  });

  it.each([['carried'], ['handed over']])(
    'carry a proof of who asks when %s, and nothing else of the client that could pass for one',
    async (how) => {
      instances.list = all();
      if (how === 'handed over') areNear();
      const authorization = `Bearer ${ANNAS_TOKEN}`;
      await connected(
        client(['websocket'], {
          authorization,
          cookie: 'a=b',
          'millrace-principal': 'forged',
          'millrace-principal-ends': '1',
          'x-forwarded-for': '6.6.6.6',
          'x-kept': '1',
        }),
      );
      const head = houses[1].heads.at(-1);
      expect(JSON.parse(String(head?.['millrace-principal']))).toMatchObject({ kind: 'user', id: 'anna' });
      expect(head).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-kept': '1', 'millrace-principal-ends': ANNAS_END });
      expect(head).not.toHaveProperty('authorization');
      expect(head).not.toHaveProperty('cookie');
    },
  );

  it('say of who brings no credential that it is nobody', async () => {
    instances.list = all();
    await connected(client(['websocket'], { 'millrace-principal-ends': '1' }));
    expect(JSON.parse(String(houses[1].heads.at(-1)?.['millrace-principal']))).toMatchObject({ kind: 'anonymous' });
    expect(houses[1].heads.at(-1)).not.toHaveProperty('millrace-principal-ends');
  });

  it.each([['websocket'], ['polling']])('are refused over %s to who brings a bad credential', async (transport) => {
    instances.list = all();
    await expect(connected(client([transport], { authorization: `Bearer ${EXPIRED_TOKEN}` }))).rejects.toThrow();
    expect(await statusOf('/socket.io/?EIO=4&transport=polling', { authorization: `Bearer ${EXPIRED_TOKEN}` })).toBe(401);
    expect((await upgrade({ authorization: `Bearer ${EXPIRED_TOKEN}` })).statusCode).toBe(401);
  });

  it('stay with the instance that holds them, whoever has room', async () => {
    instances.list = all();
    const opened = await (await fetch(`${stage.url}/socket.io/?EIO=4&transport=polling`)).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    expect(sid).toMatch(/^evi_b\./);
    instances.list = all().map((each) => ({ ...each, sockets: each.instance === 'evi_b' ? 100 : 0, draining: true }));
    const sent = await fetch(`${stage.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, { method: 'POST', body: '40' });
    expect([sent.status, await sent.text()]).toEqual([200, 'ok']);
  });

  it('are told in engine.io’s own words that a session is unknown', async () => {
    instances.list = all();
    const answer = await fetch(`${stage.url}/socket.io/?EIO=4&transport=polling&sid=evi_gone.1`);
    expect([answer.status, await answer.json()]).toEqual([400, { code: 1, message: 'Session ID unknown' }]);
    expect((await upgrade({}, '&sid=evi_gone.1')).statusCode).toBe(400);
    const known = await fetch(`${stage.url}/socket.io/?EIO=4&transport=polling&sid=evi_a.nobody`);
    expect([known.status, await known.json()]).toEqual([400, { code: 1, message: 'Session ID unknown' }]);
    expect((await upgrade({}, '&sid=evi_a.nobody')).statusCode).toBe(400);
  });

  it('have nowhere to go while no instance takes them, or the one there is does not answer', async () => {
    instances.list = [];
    expect(await statusOf('/socket.io/?EIO=4&transport=polling')).toBe(503);
    expect((await upgrade({})).statusCode).toBe(503);
    instances.list = [{ instance: 'evi_dead', address: '127.0.0.1:1', sockets: 0, draining: false }];
    expect(await statusOf('/socket.io/?EIO=4&transport=polling')).toBe(503);
    expect((await upgrade({})).statusCode).toBe(503);
  });

  it('begin elsewhere when the instance with most room does not answer', async () => {
    instances.list = [{ instance: 'evi_dead', address: '127.0.0.1:1', sockets: 0, draining: false }, ...all()];
    const upgraded = client(['websocket']);
    await once(upgraded as never, 'connect');
    expect(await upgraded.emitWithAck('echo', 1)).toMatchObject({ instance: 'evi_b' });
    instances.list = [{ instance: 'evi_dead', address: '127.0.0.1:1', sockets: 0, draining: false }, ...all()];
    expect(await statusOf('/socket.io/?EIO=4&transport=polling')).toBe(200);
  });

  it('are refused to pages of strange origins, and open to ours', async () => {
    instances.list = all();
    expect((await upgrade({ origin: 'https://evil.test' })).statusCode).toBe(403);
    expect((await upgrade({ origin: 'null' })).statusCode).toBe(403);
    expect((await upgrade({ origin: 'https://console.test' })).statusCode).toBe(101);
    expect((await upgrade({ origin: `http://127.0.0.1:${stage.port}` })).statusCode).toBe(101);
  });

  it('are the only thing a connection may be upgraded to', async () => {
    const answer = await stage.raw('GET', '/v1/me', { connection: 'Upgrade', upgrade: 'websocket' });
    answer.resume();
    expect(answer.statusCode).toBe(401);
    const h2c = await stage.raw('GET', '/socket.io/x', { connection: 'Upgrade', upgrade: 'h2c' });
    h2c.resume();
    expect(h2c.statusCode).not.toBe(101);
  });

  it('end on one side when they end on the other', async () => {
    instances.list = all();
    const byServer = await connected(client(['websocket']));
    const gone = Promise.withResolvers<void>();
    byServer.on('disconnect', () => gone.resolve());
    byServer.emit('leave');
    await gone.promise;
    const byClient = await connected(client(['websocket']));
    const over = Promise.withResolvers<void>();
    houses[1].io
      .of('/')
      .sockets.get(byClient.id ?? '')
      ?.on('disconnect', () => over.resolve());
    byClient.disconnect();
    await over.promise;
  });

  it.each([['carried'], ['handed over']])('end on both sides when a client breaks off, %s', async (how) => {
    instances.list = all();
    if (how === 'handed over') areNear();
    const serverSide = once(houses[1].http, 'upgrade') as Promise<[IncomingMessage, Socket]>;
    const { socket } = await upgrade({});
    const [, upstream] = await serverSide;
    const closed = Promise.withResolvers<void>();
    upstream.once('close', () => closed.resolve());
    (socket ?? never()).resetAndDestroy();
    await closed.promise;
  });

  it('end when the gateway closes, carried or handed over', async () => {
    instances.list = all();
    const carried = await upgrade({});
    areNear();
    const handedOver = await upgrade({});
    const ended = [carried, handedOver].map(({ socket }) => once(socket ?? never(), 'close'));
    await sockets.close();
    await Promise.all(ended);
    expect(await stage.metrics.registry.metrics()).toMatch(/millrace_gateway_sockets\{service="gateway"\} 0/);
  });

  async function statusOf(path: string, headers: Record<string, string> = {}): Promise<number> {
    const answer = await fetch(`${stage.url}${path}`, { headers });
    await answer.body?.cancel();
    return answer.status;
  }

  /** Asks for a WebSocket by hand. */
  async function upgrade(headers: Record<string, string>, query = ''): Promise<{ statusCode: number | undefined; socket?: Socket }> {
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' };
    const { promise, resolve, reject } = Promise.withResolvers<{ statusCode: number | undefined; socket?: Socket }>();
    httpRequest(`${stage.url}/socket.io/?EIO=4&transport=websocket${query}`, {
      headers: { connection: 'Upgrade', upgrade: 'websocket', ...key, ...headers },
      agent: false,
    })
      .on('upgrade', ({ statusCode }, socket: Socket) => {
        raw.push(socket);
        resolve({ statusCode, socket });
      })
      .on('response', (answer) => {
        answer.resume();
        resolve({ statusCode: answer.statusCode });
      })
      .on('error', reject)
      .end();
    return promise;
  }
});

function never(): never {
  throw new Error('There is no such socket.');
}

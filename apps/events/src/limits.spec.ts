import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SignedPassports } from '@millrace/auth';
import type { JsonMap } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { io, type Socket } from 'socket.io-client';
import { neighbours } from '../testing/neighbours';
import { eventsService } from './index';

const HOTEL = '/v1/workspaces/hotel/events';
const LIMITS = {
  MILLRACE_LIVE_SOCKETS_PER_USER: '2',
  MILLRACE_LIVE_SUBSCRIPTIONS_PER_USER: '3',
  MILLRACE_LIVE_SOCKETS_PER_WORKSPACE: '3',
  MILLRACE_LIVE_NAMESPACES_PER_CONNECTION: '2',
  MILLRACE_LIVE_SUBSCRIPTIONS_PER_SOCKET: '2',
};

let bench: ServiceBench;
let passports: SignedPassports;
let address: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  bench = await serviceBench(neighbours, eventsService(LIMITS));
  const { keyValue, clock } = bench.platform;
  passports = await SignedPassports.create({ service: 'gateway', keyValue, clock });
  const [entry] = await (await keyValue.bucket('instances')).list('events.');
  ({ address } = JSON.parse(new TextDecoder().decode(entry?.value)) as { address: string });
});

afterEach(() => {
  for (const { io: manager } of sockets.splice(0)) manager.engine.close();
});

afterAll(async () => {
  await passports.close();
  await bench[Symbol.asyncDispose]();
});

const proof = async (who: string) => ({ 'millrace-principal': await passports.sign(person(who), 60_000) });

/** Resolves when the socket is open, or with the problem that it was refused for. */
function opened(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('open')).once('connect_error', (error: Error & { data?: JsonMap }) => resolve(error.data));
  });
}

async function come(who: string): Promise<{ readonly socket: Socket; readonly answer: unknown }> {
  const socket = io(`http://${address}${HOTEL}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: await proof(who),
  });
  sockets.push(socket);
  return { socket, answer: await opened(socket) };
}

/** As `come`, as soon as the sockets of a test before are gone. */
async function admitted(who: string): Promise<Socket> {
  for (;;) {
    const { socket, answer } = await come(who);
    if (answer === 'open') return socket;
    socket.disconnect();
  }
}

describe('how much one may have', () => {
  it('is so many sockets and streams, and so many may follow a workspace', async () => {
    expect([(await come('ada')).answer, (await come('ada')).answer]).toEqual(['open', 'open']);
    expect((await come('ada')).answer).toMatchObject({ code: 'events.too_many_sockets', status: 429, facts: { limit: 2 } });
    const stream = await fetch(`http://${address}${HOTEL}:stream`, { headers: await proof('ada') });
    expect([stream.status, await stream.json()]).toEqual([429, expect.objectContaining({ code: 'events.too_many_sockets' })]);
    const flowing = await fetch(`http://${address}${HOTEL}:stream`, { headers: await proof('vera') });
    expect(flowing.status).toBe(200);
    expect((await come('vera')).answer).toMatchObject({ code: 'events.workspace_crowded', status: 429, facts: { limit: 3 } });
    await flowing.body?.cancel();
  });

  it('is so many workspaces over one connection, which counts once', async () => {
    const socket = await admitted('ada');
    const more = (path: string): Promise<unknown> => opened(socket.io.socket(path, {}));
    expect(await more('/v1/me/events')).toBe('open');
    expect(await more('/v1/workspaces/ws_1/events')).toMatchObject({
      code: 'events.too_many_namespaces',
      status: 429,
      facts: { limit: 2 },
    });
    await admitted('ada');
  });

  it('is so many subscriptions of a socket, and over all of them', async () => {
    const [one, other] = [await admitted('ada'), await admitted('ada')];
    const ask = (socket: Socket, id: string): Promise<unknown> => socket.emitWithAck('subscribe', { id });
    for (const id of ['a', 'b']) expect(await ask(one, id)).toMatchObject({ recovered: true });
    expect(await ask(one, 'c')).toMatchObject({ code: 'events.too_many_subscriptions', facts: { limit: 2 } });
    expect(await ask(other, 'a')).toMatchObject({ recovered: true });
    expect(await ask(other, 'b')).toMatchObject({ code: 'events.too_many_subscriptions', facts: { limit: 3 } });
    await one.emitWithAck('unsubscribe', { id: 'a' });
    expect(await ask(other, 'b')).toMatchObject({ recovered: true });
  });
});

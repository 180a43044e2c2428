import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { Resting } from './resting';

const ASKING = 'GET /slow HTTP/1.1\r\nhost: x\r\n\r\n';

describe('a door that closes', () => {
  let door: FastifyInstance;
  let arrived: Promise<void>;
  let answer: () => void;
  const clients: Socket[] = [];

  beforeEach(async () => {
    door = fastify();
    new Resting(0).mount(door);
    const { promise, resolve } = Promise.withResolvers<string>();
    answer = () => resolve('done');
    arrived = new Promise((isThere) => door.get('/slow', () => (isThere(), promise)));
    await door.listen({ port: 0, host: '127.0.0.1' });
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
  });

  const client = async (says = ''): Promise<Socket> => {
    const socket = connect((door.server.address() as AddressInfo).port, '127.0.0.1');
    clients.push(socket);
    const taken = once(door.server, 'connection');
    await once(socket, 'connect');
    await taken;
    socket.write(says);
    return socket;
  };

  it.each(['', 'GET / HT'])('does not wait for a connection on which nobody has asked: %j', async (says) => {
    const resting = await client(says);
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    // Whoever is sent away with something unread sees a reset, not an end.
    resting.on('error', () => undefined).once('close', () => resolve());
    resting.resume();
    await door.close();
    await gone;
    expect(resting.bytesRead).toBe(0);
  });

  it('waits for what is in hand, and not for the next request of the same connection', async () => {
    const asking = await client(ASKING);
    await arrived;
    const closed = door.close();
    answer();
    await closed;
    expect(await text(asking)).toMatch(/^HTTP\/1\.1 200 [^]*done$/);
  });

  it('does not wait for the next request either when the answer takes its time', async () => {
    const [asking, resting] = [await client(ASKING), await client()];
    await arrived;
    const sentAway = once(resting, 'close');
    resting.on('error', () => undefined).resume();
    const closed = door.close();
    await sentAway;
    answer();
    await closed;
    expect(await text(asking)).toMatch(/^HTTP\/1\.1 200 [^]*done$/);
  });

  it('does not wait for one that has begun to ask again', async () => {
    const asking = await client(ASKING);
    answer();
    await once(asking, 'readable');
    asking.write('GET / HT');
    await door.close();
    expect(door.server.listening).toBe(false);
  });
});

import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Expectations } from './expectations';

describe('a body that waits to be asked for', () => {
  let door: FastifyInstance;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    door = fastify();
    new Expectations().mount(door);
    door.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    door.setErrorHandler((error, _request, reply) => reply.code(417).send((error as Error).message));
    door.post('/open', (request, reply) => reply.send(request.body));
    door.post('/closed', { onRequest: async (_request, reply) => reply.code(401).send('no') }, () => 'never');
    await door.listen({ port: 0, host: '127.0.0.1' });
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await door.close();
  });

  /** Sends the head of a request; answers how to send more, and what has been answered once it matches. */
  async function begin(path: string, expectation: string) {
    const socket = connect((door.server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    let heard = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (heard += piece));
    const hears = async (wanted: RegExp): Promise<string> => {
      while (!wanted.test(heard)) await once(socket, 'data', { signal: AbortSignal.timeout(10_000) });
      return heard;
    };
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 5\r\nexpect: ${expectation}\r\n\r\n`);
    return { socket, hears };
  }

  it('is asked for once the request is let in', async () => {
    const { socket, hears } = await begin('/open', '100-continue');
    expect(await hears(/\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('hello');
    expect(await hears(/hello$/)).toMatch(/HTTP\/1\.1 200 OK/);
  });

  it('is not asked for when the request is refused; the connection ends', async () => {
    const { socket, hears } = await begin('/closed', '100-continue');
    const heard = await hears(/no$/);
    expect(heard).toMatch(/^HTTP\/1\.1 401 /);
    expect(heard).toMatch(/connection: close/i);
    if (!socket.readableEnded) await once(socket, 'end', { signal: AbortSignal.timeout(10_000) });
  });

  it('cannot wait for anything else', async () => {
    const { hears } = await begin('/open', 'a-miracle');
    expect(await hears(/Leave it out\.$/)).toMatch(/^HTTP\/1\.1 417 /);
  });
});

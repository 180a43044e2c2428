import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { Arrivals } from './arrivals';
import { mountStreamed } from './streamed';

const HEAD = (path: string, length: number): string =>
  `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n`;

describe('bodies that must arrive', () => {
  let door: FastifyInstance;
  let patientDoor: FastifyInstance;
  const late: string[] = [];
  const sockets: Socket[] = [];

  /** A door that lets bodies which nobody wants go on for so many milliseconds. */
  async function opened(lingering: number): Promise<FastifyInstance> {
    const door = fastify();
    const arrivals = new Arrivals({ patience: 50, lingering }, (request) => {
      late.push(request.url);
      request.raw.socket.destroy();
    });
    door.addHook('onRequest', (request, reply, done) => {
      arrivals.watch(request, reply);
      done();
    });
    door.post('/whole', (request) => request.body);
    mountStreamed(door, (scope) => {
      scope.post('/refused', { config: { streamsBody: true } }, () => 'no');
    });
    await door.listen({ host: '127.0.0.1', port: 0 });
    return door;
  }

  beforeAll(async () => {
    [door, patientDoor] = [await opened(50), await opened(60_000)];
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all([door.close(), patientDoor.close()]);
  });

  const send = (text: string, to = door): Socket => {
    const socket = connect((to.server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(text);
    sockets.push(socket);
    return socket;
  };

  it('are waited for so long, and no longer', async () => {
    const slow = send(`${HEAD('/whole', 10)}half`);
    await once(slow.resume(), 'close');
    expect(late).toEqual(['/whole']);
  });

  it('are left in peace when they are there', async () => {
    const quick = send(`${HEAD('/whole', 4)}full`);
    const [answer] = (await once(quick, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 .*full$/s);
    expect(late).toEqual(['/whole']);
  });

  it('may go on for a while after the answer, so that it is heard', async () => {
    const refused = send(`${HEAD('/refused', 10)}half`);
    const [answer] = (await once(refused, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 .*no$/s);
    await once(refused, 'close');
    const flowing = send(`${HEAD('/refused', 10)}half`, patientDoor);
    await once(flowing, 'data');
    flowing.write('whole!');
    flowing.write(`${HEAD('/whole', 4)}next`);
    const [next] = (await once(flowing, 'data')) as [Buffer];
    expect(String(next)).toMatch(/next$/);
  });
});

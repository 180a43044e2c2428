import { once } from 'node:events';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { demandTakingOf } from './departures';

const PIECE = Buffer.alloc(65_536, 'x');

describe('answers that flow', () => {
  let door: FastifyInstance;
  let flowing: Readable | undefined;
  const { promise: silent, resolve: answered } = Promise.withResolvers<ServerResponse>();

  beforeAll(async () => {
    door = fastify();
    demandTakingOf(door, 50);
    door.get('/endless', (_request, reply) => {
      flowing = new Readable({
        read() {
          this.push(PIECE);
        },
      });
      return reply.send(flowing);
    });
    door.get('/silent', (_request, reply) => {
      const source = new Readable({ read: () => undefined });
      source.push('first, ');
      reply.raw.once('timeout', () =>
        setImmediate(() => {
          source.push('and last');
          source.push(null);
        }),
      );
      answered(reply.raw);
      return reply.send(source);
    });
    await door.listen({ host: '127.0.0.1', port: 0 });
  });

  afterAll(() => door.close());

  const get = async (path: string): Promise<IncomingMessage> => {
    const { port } = door.server.address() as AddressInfo;
    const asked = request({ host: '127.0.0.1', port, path, agent: false });
    asked.on('error', () => undefined).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return answer;
  };

  it('end when nobody takes them, and what makes them with them', async () => {
    const answer = await get('/endless');
    answer.pause().on('error', () => undefined);
    if (flowing === undefined) throw new Error('Nothing flows.');
    await once(flowing, 'close');
    expect(flowing.destroyed).toBe(true);
  });

  it('may be silent for as long as they like', async () => {
    const [answer, response] = await Promise.all([get('/silent'), silent]);
    expect(await text(answer)).toBe('first, and last');
    expect(response.writableFinished).toBe(true);
  });
});

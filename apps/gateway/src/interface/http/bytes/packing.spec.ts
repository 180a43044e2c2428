import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packAnswers } from './packing';

const LONG = JSON.stringify('the mill grinds what the river brings, '.repeat(100));
const JSON_TYPE = 'application/json; charset=utf-8';

describe('the bytes of an answer', () => {
  let door: FastifyInstance;

  beforeAll(async () => {
    door = fastify();
    packAnswers(door);
    door.get('/long', (_request, reply) => reply.type(JSON_TYPE).send(LONG));
    door.get('/wide', (_request, reply) => reply.type(JSON_TYPE).send(JSON.stringify('ü'.repeat(600))));
    door.get('/problem', (_request, reply) => reply.code(404).header('vary', 'Origin').type('application/problem+json').send(LONG));
    door.get('/short', (_request, reply) => reply.type(JSON_TYPE).send(LONG.slice(0, 1_023)));
    door.get('/image', (_request, reply) => reply.type('image/png').send(Buffer.alloc(5_000)));
    door.get('/packed', (_request, reply) => reply.type(JSON_TYPE).header('content-encoding', 'zstd').send(Buffer.from(LONG)));
    door.get('/stream', (_request, reply) => reply.type('text/event-stream').send(Readable.from([LONG])));
    door.get('/sign-in', { config: { routeClass: 'sign-in' } }, (_request, reply) => reply.type(JSON_TYPE).send(LONG));
    door.get('/never', { config: { isNeverPacked: true } }, (_request, reply) => reply.type(JSON_TYPE).send(LONG));
    await door.ready();
  });

  afterAll(async () => {
    await door.close();
  });

  const get = (url: string, accepted = 'gzip, br', method: 'GET' | 'HEAD' = 'GET') =>
    door.inject({ method, url, headers: { 'accept-encoding': accepted } });

  it('are packed as the caller can read them', async () => {
    const [br, gzip, plain] = [await get('/long'), await get('/long', 'gzip'), await get('/long', 'identity')];
    expect([br.headers['content-encoding'], brotliDecompressSync(br.rawPayload).toString()]).toEqual(['br', LONG]);
    expect([gzip.headers['content-encoding'], gunzipSync(gzip.rawPayload).toString()]).toEqual(['gzip', LONG]);
    expect([plain.headers['content-encoding'], plain.payload]).toEqual([undefined, LONG]);
    for (const answer of [br, gzip, plain]) expect(answer.headers['vary']).toBe('Accept-Encoding');
    expect(br.headers['content-length']).toBe(String(br.rawPayload.length));
  });

  it('are counted in bytes, not in letters', async () => {
    expect((await get('/wide')).headers['content-encoding']).toBe('br');
  });

  it('are packed in problems, too', async () => {
    const { headers } = await get('/problem');
    expect([headers['content-encoding'], headers['vary']]).toEqual(['br', 'Origin, Accept-Encoding']);
  });

  it.each(['/short', '/image', '/stream', '/sign-in', '/never'])('leave as they are from %s', async (url) => {
    const { headers } = await get(url);
    expect([headers['content-encoding'], headers['vary']]).toEqual([undefined, undefined]);
  });

  it('are not packed twice', async () => {
    expect((await get('/packed')).headers['content-encoding']).toBe('zstd');
  });
});

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANNAS_TOKEN, EXPIRED_TOKEN, openStage, type Stage } from '../../../testing/stage';
import { FindEventInstance } from '../../application/find-event-instance';
import { EventInstances, type EventInstance } from '../../application/ports/event-instances';
import { Origins } from '../http/origins';
import { EventStreams } from './event-streams';
import { SocketRequests } from './socket-requests';

class Listed extends EventInstances {
  list: EventInstance[] = [];

  override all(): readonly EventInstance[] {
    return this.list;
  }
}

const PATH = '/v1/workspaces/hotel/events:stream?types=orders.*';
const AS_ANNA = { authorization: `Bearer ${ANNAS_TOKEN}` };

describe('event streams through the gateway', () => {
  const instances = new Listed();
  const asked: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders }[] = [];
  let answer: (response: ServerResponse) => void;
  let house: Server;
  let stage: Stage;
  let streams: EventStreams;

  beforeAll(async () => {
    house = createServer(({ url, headers }, response) => {
      asked.push({ url, headers });
      answer(response);
    });
    house.listen(0, '127.0.0.1');
    await once(house, 'listening');
    stage = await openStage({
      routes: ({ callers, passports, policies, metrics }) => {
        const requests = new SocketRequests({ find: new FindEventInstance(instances), callers, passports, origins: new Origins([]) });
        streams = new EventStreams(requests, policies, metrics);
        return [streams];
      },
    });
  });

  afterAll(async () => {
    await streams.close();
    await stage[Symbol.asyncDispose]();
    house.closeAllConnections();
    house.close();
  });

  const living = (): EventInstance => {
    const { port } = house.address() as AddressInfo;
    return { instance: 'evi_a', address: `127.0.0.1:${port}`, sockets: 1, draining: false };
  };
  const dead: EventInstance = { instance: 'evi_dead', address: '127.0.0.1:1', sockets: 0, draining: false };
  const get = (path: string, headers: Record<string, string> = AS_ANNA) => fetch(stage.url + path, { headers });

  it('flow as they are said, with a proof of who asks, and end on both sides', async () => {
    instances.list = [dead, living()];
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const { promise: flowing, resolve: began } = Promise.withResolvers<ServerResponse>();
    answer = (response) => {
      response.once('close', resolve);
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }).write(':\n\n');
      began(response);
    };
    const { status, headers, body } = await get(PATH, { ...AS_ANNA, 'last-event-id': 'log-7', 'millrace-principal': 'forged' });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(':\n\n');
    (await flowing).write('data: 1\n\n');
    expect((await reader?.read())?.value).toBe('data: 1\n\n');
    const last = asked.at(-1);
    expect(last?.url).toBe(PATH);
    expect(last?.headers).toMatchObject({ 'last-event-id': 'log-7' });
    expect(last?.headers).not.toHaveProperty('authorization');
    expect(JSON.parse(String(last?.headers['millrace-principal']))).toMatchObject({ kind: 'user', id: 'anna' });
    await reader?.cancel();
    await ended;
  });

  it('are refused with the problem that the service has with them', async () => {
    instances.list = [living()];
    const problem = { code: 'events.filter_invalid', status: 422, detail: 'Not a filter.', errors: [], facts: {} };
    answer = (response) => response.writeHead(422, { 'content-type': 'application/json' }).end(JSON.stringify(problem));
    const refused = await get('/v1/me/events:stream');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([422, expect.stringContaining('application/problem+json')]);
    expect(await refused.json()).toMatchObject({ code: 'events.filter_invalid', detail: 'Not a filter.' });
  });

  it.each([
    ['nobody', {}, 401],
    ['a bad credential', { authorization: `Bearer ${EXPIRED_TOKEN}` }, 401],
    ['who takes no streams', { ...AS_ANNA, accept: 'application/json' }, 406],
  ])('are not for %s', async (_, headers: Record<string, string>, status) => {
    instances.list = [living()];
    const refused = await get(PATH, headers);
    await refused.body?.cancel();
    expect(refused.status).toBe(status);
  });

  it('have nowhere to go while no instance answers', async () => {
    instances.list = [dead];
    const refused = await get(PATH);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'gateway.events_away' });
  });
});

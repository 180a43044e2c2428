import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventsService } from '@millrace/contracts';
import { Ground, type Answered } from './ground';

const SLOW = 200;
const EVENTS = 1_000;
const OTHERS = 40;
/** Seconds of the processor that one costly question may take. */
const CPU = 0.5;

describe('one who wants more than their share', () => {
  const sockets: Socket[] = [];
  let ground: Ground;
  let authorization: string;
  let workspace: string;

  beforeAll(async () => {
    ground = await Ground.make();
    const ada = await ground.as('ada');
    authorization = `Bearer ${await ground.token('ada')}`;
    workspace = await ground.workspace(ada);
    const words = Array.from({ length: 40 }, (_, at) => `word${at}`).join(' ');
    for (let at = 0; at < EVENTS; at += 250) {
      const events = Array.from({ length: 250 }, (_, index) => ({ type: 'load.made', payload: { at: at + index, words } }));
      await ada.call(EventsService.method.emitEvents, { workspaceId: workspace, events });
    }
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await ground.stop();
  });

  const others = async (): Promise<readonly Answered[]> =>
    ground.askAll(Array.from({ length: OTHERS }), () => ground.ask('/v1/workspaces', { headers: { authorization } }));

  const cpu = async (): Promise<number> => {
    const { body } = await ground.ask(`${ground.millrace.adminUrl}/metrics`);
    return Number(/^\w*process_cpu_seconds_total(?:\{[^}]*\})? (\S+)$/m.exec(body)?.[1]);
  };

  it('keeps nobody waiting by sending slowly', async () => {
    const { hostname, port } = new URL(ground.url);
    for (let at = 0; at < SLOW; at++) {
      const socket = connect(Number(port), hostname);
      sockets.push(socket.on('error', () => undefined));
      await once(socket, 'connect');
      socket.write(
        at % 2 === 0
          ? 'GET /v1/workspaces HTTP/1.1\r\nhost: x\r\nx-slow: '
          : `POST /v1/workspaces/${workspace}/events HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{`,
      );
    }
    expect(new Set((await others()).map(({ status }) => status))).toEqual(new Set([200]));
  });

  it.each([
    ['a URL of more than 8 KiB', () => ground.ask(`/v1/workspaces?where=${'x'.repeat(8_200)}`, { headers: { authorization } }), [414]],
    ['very many parameters', () => ground.ask(`/v1/workspaces?${'a=1&'.repeat(2_000)}`, { headers: { authorization } }), [400]],
    ['very many parts of a path', () => ground.ask(`/v1${'/a'.repeat(4_000)}`, { headers: { authorization } }), [404]],
    [
      'headers of more than 16 KiB',
      () => ground.ask('/v1/workspaces', { headers: { authorization, 'x-large': 'x'.repeat(16_400) } }),
      [431],
    ],
    ['very many cookies', () => ground.ask('/v1/workspaces', { headers: { authorization, cookie: 'a=b; '.repeat(3_000) } }), [200, 431]],
    ['very many ranges', () => ground.ask('/openapi.json', { headers: { range: `bytes=${'0-1,'.repeat(3_000)}0-1` } }), [200, 416]],
  ])('is answered at once for %s', async (_, ask, statuses) => {
    const before = await cpu();
    expect(statuses).toContain((await ask()).status);
    expect((await cpu()) - before).toBeLessThan(CPU);
  });

  it.each([
    ['very many terms', Array.from({ length: 60 }, (_, at) => `payload.at != ${at}`).join(' and ')],
    ['terms nested deep', `${'('.repeat(400)}payload.at = 1${')'.repeat(400)}`],
    ['not of not', `${'not '.repeat(900)}payload.at = 1`],
    ['texts that hold, of every event', "payload.words contains 'ord1' or payload.words ends with 'ord39'"],
    ['a pattern of every type', "type = '*.*.*.*.*.*.*.*' or type = '>'"],
    ['what would be an evil pattern elsewhere', `payload.words starts with '${'(a+)+'.repeat(200)}$'`],
  ])('costs little by a search with %s', async (_, where) => {
    const before = await cpu();
    const body = JSON.stringify({ where, limit: 200 });
    const headers = { authorization, 'content-type': 'application/json' };
    const { status } = await ground.ask(`/v1/workspaces/${workspace}/events:search`, { method: 'POST', headers, body });
    expect([200, 400, 422]).toContain(status);
    expect((await cpu()) - before).toBeLessThan(CPU);
  });

  it('leaves the others as they were', async () => {
    expect(new Set((await others()).map(({ status }) => status))).toEqual(new Set([200]));
  });
});

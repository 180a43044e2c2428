import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { typed } from '../../testing/typed';
import { adminPort } from '../config';

const ANSWER = {
  method: 'POST',
  path: '/v1/workspaces/lac/events',
  route: '/v1/workspaces/{workspace_id}/events',
  class: 'emit',
  permission: 'create events',
  rule: '/v1/workspaces/lac/**',
  refused: 'Maintenance: Back at noon.',
  limits: [
    { name: 'emit', by: 'principal', allowed: 3_000, seconds: 60, atOnce: 100 },
    { name: 'wrong-key', by: 'address', allowed: 20, seconds: 60, atOnce: 20, strict: true, closesForSeconds: 600 },
  ],
  gateways: 3,
  resting: ['runtime'],
  timeoutSeconds: 30,
  overload: 'refused last',
  mostBytes: 1_000,
};

describe('millrace gateway explain', () => {
  let server: Server;
  let url: string;
  const asked: (readonly [string | undefined, string | undefined])[] = [];
  let status = 200;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push([request.url, request.headers.authorization]);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(ANSWER));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => void server.close());

  it('asks the gateway and tells a person', async () => {
    const { code, output } = await typed([
      'gateway',
      'explain',
      'post',
      '/v1/workspaces/lac/events',
      '--admin',
      `${url}/`,
      '--host',
      'a.test',
    ]);
    expect({ code, output }).toEqual({
      code: 0,
      output: [
        'POST /v1/workspaces/lac/events',
        '  route       /v1/workspaces/{workspace_id}/events',
        '  class       emit',
        '  permission  create events',
        '  rule        /v1/workspaces/lac/** in gateway.yaml',
        '  refused     Maintenance: Back at noon.',
        '  limit       "emit": 3000 in 60 s by principal, 100 at once',
        '  limit       "wrong-key": 20 in 60 s by address, each counted in the store, then closed for 600 s',
        '  gateways    3 share the limits',
        '  resting     runtime: not called for some seconds',
        '  deadline    30 s',
        '  overload    refused last',
        '  body        at most 1000 bytes',
        '',
      ].join('\n'),
    });
    expect(asked[0]?.[0]).toBe('/sys/gateway/explain?method=POST&path=%2Fv1%2Fworkspaces%2Flac%2Fevents&host=a.test');
  });

  it('tells a program all of it', async () => {
    const { output } = await typed(['gateway', 'explain', 'GET', '/x', '--admin', url, '--json']);
    expect(JSON.parse(output)).toEqual(ANSWER);
  });

  it.each([
    [401, 4, 'wants to know who is asking'],
    [403, 4, 'wants to know who is asking'],
    [404, 3, 'There is no gateway in the process'],
    [500, 7, 'answered 500'],
  ])('says what to do when the admin port answers %d', async (answered, code, sentence) => {
    status = answered;
    const { notes, ...told } = await typed(['gateway', 'explain', 'GET', '/x', '--admin', url]);
    status = 200;
    expect(told.code).toBe(code);
    expect(notes).toContain(sentence);
  });

  it('says so when nobody answers', async () => {
    const { code, notes } = await typed(['gateway', 'explain', 'GET', '/x', '--admin', 'http://127.0.0.1:1']);
    expect(code).toBe(7);
    expect(notes).toContain('Nobody answers on the admin port at http://127.0.0.1:1.');
  });

  it.each([[['gateway']], [['gateway', 'tell', 'GET', '/x']], [['gateway', 'explain', 'GET']], [['gateway', 'explain', 'GET', 'x']]])(
    'is refused when it is written otherwise: %j',
    async (words) => {
      const { code, notes } = await typed(words);
      expect(code).toBe(2);
      expect(notes).toContain('millrace gateway explain METHOD PATH');
    },
  );
});

describe('the admin port', () => {
  it('is that of this machine, unless another is named', () => {
    expect(adminPort(undefined, {})).toEqual({ url: 'http://127.0.0.1:4001' });
    expect(adminPort(undefined, { MILLRACE_ADMIN_PORT: '5001', MILLRACE_ADMIN_TOKEN: 'secret' })).toEqual({
      url: 'http://127.0.0.1:5001',
      token: 'secret',
    });
    expect(adminPort(undefined, { MILLRACE_ADMIN_URL: 'http://admin.test/' })).toEqual({ url: 'http://admin.test' });
    expect(adminPort('http://other.test', { MILLRACE_ADMIN_URL: 'http://admin.test' })).toEqual({ url: 'http://other.test' });
  });
});

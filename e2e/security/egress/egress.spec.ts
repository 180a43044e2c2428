import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ground } from '../ground';

/** Answers what became of a fetch of the address that the call names. */
const FETCHING = `
when: { endpoint: { path: reach, methods: [post], access: public } }
do:
  - fetch: { url: '{{body.url}}', timeout: 5s, output: answer }
output: '{{answer}}'
`;

describe('an automation that is told what to fetch', () => {
  let ground: Ground;
  let workspace: string;
  let trap: Server;
  let hits = 0;

  beforeAll(async () => {
    trap = createServer((_request, response) => {
      hits += 1;
      response.end('caught');
    }).listen(0, '0.0.0.0');
    await once(trap, 'listening');
    ground = await Ground.make();
    workspace = await ground.workspace(await ground.as('ada'), { reach: FETCHING });
  });

  afterAll(async () => {
    await ground.stop();
    trap.close();
  });

  const port = (): number => (trap.address() as AddressInfo).port;
  const codeFor = async (url: string): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    const { body } = await ground.ask(`/e/${workspace}/reach`, { method: 'POST', headers, body: JSON.stringify({ url }) });
    return (JSON.parse(body) as { code?: string }).code ?? body;
  };

  it.each([
    ...['127.0.0.1', '127.1', '0x7f.1', '0177.0.0.1', '2130706433', '0', '0.0.0.0', '127。0。0。1', '①②⑦.0.0.1', 'localhost', 'LOCALHOST.'],
    ...[
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[64:ff9b::127.0.0.1]',
      '[64:ff9b:1::7f00:1]',
      '[2002:7f00:1::]',
      '[fe80::1]',
    ],
    ...[
      '10.0.0.1',
      '172.16.0.1',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '[fd00::1]',
      'metadata.google.internal',
      'user@127.0.0.1',
    ],
  ])('reaches nothing of ours at %s', async (host) => {
    expect(await codeFor(`http://${host}:${port()}/`)).toMatch(/^runtime\.fetch_(?:refused|unreachable)$/);
    expect(hits).toBe(0);
  });

  it('reaches neither the admin port nor files, and no scheme but those of the web', async () => {
    expect(await codeFor(`${ground.millrace.adminUrl}/metrics`)).toBe('runtime.fetch_refused');
    for (const url of [
      'file:///etc/passwd',
      `ftp://127.0.0.1:${port()}/`,
      `gopher://127.0.0.1:${port()}/x`,
      'data:text/plain,caught',
      'unix:/run/x',
    ]) {
      expect([url, await codeFor(url)]).toEqual([url, 'runtime.fetch_refused']);
    }
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { passwordToken, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-limits';
const ADMIN_TOKEN = 'an-admin-token-for-tests';
const FORWARDING = [
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'cf-connecting-ip',
  'via',
];

describe('limits at the public door', () => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'gateway.yaml');
  let millrace: StandaloneProcess;

  const options = {
    folder: folder.path,
    password: PASSWORD,
    environment: { MILLRACE_GATEWAY_FILE: '', MILLRACE_ADMIN_TOKEN: ADMIN_TOKEN, MILLRACE_LOG_LEVEL: 'info' },
  };
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${millrace.url}${path}`, { headers });
  const post = (path: string): Promise<Response> => fetch(`${millrace.url}${path}`, { method: 'POST' });
  const tokenOf = (name: string): Promise<string> => passwordToken(`${millrace.url}/realms/millrace`, name, PASSWORD);
  const explained = async (path: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${millrace.adminUrl}/sys/gateway/explain?method=GET&path=${path}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    return (await answer.json()) as Record<string, unknown>;
  };

  beforeAll(async () => {
    writeFileSync(file, 'overload: { late: 1h }\nlimits: { page: 5/h }');
    millrace = await startStandaloneProcess(options);
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  it('count a stranger by the connection, whatever forwarding headers say, and leave health alone', async () => {
    const statuses: number[] = [];
    for (const [index, header] of FORWARDING.entries()) {
      const value = header === 'forwarded' ? `for=203.0.113.${index}` : `203.0.113.${index}`;
      statuses.push((await get('/openapi.json', { [header]: value })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    const refused = await get('/openapi.json');
    expect([refused.headers.get('ratelimit-policy'), refused.headers.get('ratelimit')]).toEqual([
      '"page";q=5;w=3600',
      expect.stringMatching(/^"page";r=0;t=/),
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(((await refused.json()) as { code: string }).code).toBe('gateway.rate_limited');
    expect((await get('/healthz')).status).toBe(200);
  });

  it('count who is signed in apart from all others', async () => {
    const [ada, bob] = [await tokenOf('ada'), await tokenOf('bob')];
    const left = async (token: string): Promise<string | null> =>
      (await get('/v1/me', { authorization: `Bearer ${token}` })).headers.get('ratelimit');
    expect([await left(ada), await left(bob), await left(ada)]).toEqual([
      '"read";r=599;t=1',
      '"read";r=599;t=1',
      expect.stringMatching(/r=59[89]/),
    ]);
  });

  it('are those of the file as it is now; a wrong one changes nothing', async () => {
    expect(await explained('/openapi.json')).toMatchObject({ class: 'page', limits: [{ allowed: 5, seconds: 3_600 }, { by: 'address' }] });
    writeFileSync(file, 'overload: { late: 1h }\nlimits: { page: 1000/s, read: often }');
    while (!millrace.output().includes('gateway.yaml was changed and cannot be used')) await get('/healthz');
    expect((await explained('/openapi.json'))['limits']).toMatchObject([{ allowed: 5 }, {}]);
    writeFileSync(file, 'overload: { late: 1h }\nlimits: { page: 1000/s }');
    while (!millrace.output().includes('The rules of gateway.yaml hold')) await get('/healthz');
    expect((await get('/openapi.json')).status).toBe(200);
  });

  it('count tries to sign in by the name, whoever has it and however often somebody succeeds', async () => {
    const tryAs = async (username: string, password: string): Promise<Response> => {
      const body = new URLSearchParams({ grant_type: 'password', client_id: 'millrace-cli', scope: 'openid', username, password });
      return fetch(`${millrace.url}/realms/millrace/protocol/openid-connect/token`, { method: 'POST', body });
    };
    const statuses = async (username: string, password: string, count: number): Promise<readonly number[]> => {
      const found: number[] = [];
      for (let nth = 0; nth < count; nth++) found.push((await tryAs(username, password)).status);
      return found;
    };
    expect(new Set(await statuses('ada', PASSWORD, 11))).toEqual(new Set([200]));
    expect(await statuses('nobody', 'wrong', 6)).toEqual([400, 400, 400, 400, 400, 429]);
    const refused = await tryAs('NOBODY', 'wrong');
    expect([refused.status, refused.headers.get('ratelimit-policy')]).toEqual([429, '"password.user";q=5;w=60']);
    expect((await tryAs('ada', PASSWORD)).status).toBe(200);
  });

  it('of strict classes are not forgotten when the process is killed', async () => {
    const before: number[] = [];
    for (let nth = 0; nth < 11; nth++) before.push((await post('/v1/auth/anonymous')).status);
    expect([before.slice(0, 10).every((status) => status < 300), before[10]]).toEqual([true, 429]);
    await millrace.kill();
    millrace = await startStandaloneProcess({ ...options, ports: millrace.ports });
    const after: number[] = [];
    for (let nth = 0; nth < 11; nth++) after.push((await post('/v1/auth/anonymous')).status);
    expect(after.filter((status) => status < 300).length).toBeLessThan(10);
  });

  it('do not start with a file that says nothing that can be done', async () => {
    const other = temporaryFolder();
    writeFileSync(join(other.path, 'gateway.yaml'), 'limits: { read: often }\ncolour: red\n');
    await expect(startStandaloneProcess({ ...options, folder: other.path })).rejects.toThrow(
      /gateway\.yaml:1:17 limits\.read: is a rate such as 600\/min[\s\S]*gateway\.yaml:2:1 colour: there is no such key/,
    );
    other[Symbol.dispose]();
  });
});

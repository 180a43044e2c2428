import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ground, type Asking } from './ground';

const SHOWING = `
when: { endpoint: { path: show, methods: [get], access: public } }
do: []
output: { headers: '{{headers}}', caller: '{{user}}' }
`;

/** What an inner or a careless system would take for somebody's word on who is calling. */
const FORGED: Readonly<Record<string, string>> = {
  'millrace-principal': 'eyJhbGciOiJub25lIn0.eyJwcmluY2lwYWwiOnsia2luZCI6InVzZXIiLCJpZCI6ImFkYSIsInJvbGVzIjpbInBsYXRmb3JtLWFkbWluIl19fQ.',
  'millrace-user': 'ada',
  'millrace-roles': 'platform-admin',
  'millrace-correlation': 'forged-correlation',
  'x-user-id': 'ada',
  'x-user-roles': 'platform-admin',
  'x-forwarded-user': 'ada',
  'x-forwarded-for': '127.0.0.1',
  'x-original-url': '/healthz',
  'x-rewrite-url': '/healthz',
  'x-http-method-override': 'GET',
  'x-real-ip': '127.0.0.1',
  forwarded: 'for=127.0.0.1;proto=https;host=localhost',
  via: '1.1 trusted',
  'proxy-authorization': 'Bearer forged',
  'remote-user': 'ada',
};

describe('a header that says who is calling', () => {
  let ground: Ground;
  let ada: string;
  let bob: string;
  let workspace: string;

  beforeAll(async () => {
    ground = await Ground.make();
    [ada, bob] = [await ground.token('ada'), await ground.token('bob')];
    workspace = await ground.workspace(await ground.as('ada'), { show: SHOWING });
  });

  afterAll(async () => {
    await ground.stop();
  });

  const statusOf = async (path: string, asking: Asking = {}): Promise<number> => (await ground.ask(path, asking)).status;

  it.each(Object.entries(FORGED))('makes nobody somebody: %s', async (name, value) => {
    const path = `/v1/workspaces/${workspace}`;
    for (const method of ['GET', 'DELETE', 'PATCH']) expect(await statusOf(path, { method, headers: { [name]: value } })).toBe(401);
    expect(await statusOf(path, { headers: { [name]: value, authorization: `Bearer ${bob}` } })).toBe(404);
    const me = await ground.ask('/v1/me', { headers: { [name]: value, authorization: `Bearer ${bob}` } });
    expect(me.body).not.toContain('platform-admin');
  });

  it('makes nobody somebody, all of them together and in other letters', async () => {
    const shouted = Object.fromEntries(Object.entries(FORGED).map(([name, value]) => [name.toUpperCase(), value]));
    expect(await statusOf('/v1/workspaces', { headers: shouted })).toBe(401);
    expect(await statusOf(`/v1/workspaces/${workspace}`, { headers: { ...shouted, authorization: `Bearer ${bob}` } })).toBe(404);
  });

  it('is refused beside another of its kind: nobody is two callers', async () => {
    const twice = await ground.ask('/v1/workspaces', {
      headers: { authorization: `Bearer ${ada}`, 'millrace-api-key': 'mrk_forged_forged' },
    });
    expect(twice.status).toBe(400);
    expect(await statusOf('/v1/workspaces', { headers: { Authorization: [`Bearer ${bob}`, `Bearer ${ada}`] } })).toBeGreaterThanOrEqual(
      400,
    );
  });

  it('never arrives at an automation', async () => {
    const { status, body } = await ground.ask(`/e/${workspace}/show`, { headers: { ...FORGED, 'x-mine': 'kept' } });
    expect(status).toBe(200);
    const { headers } = JSON.parse(body) as { headers: Record<string, string> };
    expect(headers['x-mine']).toBe('kept');
    const arrived = Object.keys(headers).filter(
      (name) => name in FORGED && !['x-rewrite-url', 'x-http-method-override', 'remote-user'].includes(name),
    );
    expect(arrived).toEqual([]);
  });
});

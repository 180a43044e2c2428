import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ANONYMOUS, DomainError, type Principal } from '@millrace/kernel';
import { AdminServer, Health, Metrics, PinoLog, Surface, withIds, type AdminOptions } from '../index';

const TOKEN = 'a-long-admin-token';
const open: AdminServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(options: Partial<AdminOptions> = {}) {
  const admin = new AdminServer({ host: '127.0.0.1', port: 0, ...options });
  open.push(admin);
  const url = `http://127.0.0.1:${await admin.listen()}`;
  const service = (name: string) => {
    const parts = { health: new Health(name), metrics: new Metrics(name), log: new PinoLog(name, 'warn', { write: () => undefined }) };
    admin.add(parts);
    return parts;
  };
  return { url, service, admin };
}

const bearer = (token: string | undefined) => (token === undefined ? {} : { authorization: `Bearer ${token}` });
const put = (url: string, body: unknown, token?: string) =>
  fetch(`${url}/sys/logging`, { method: 'PUT', body: JSON.stringify(body), headers: bearer(token) });
const get = (url: string, path: string, token?: string) => fetch(`${url}${path}`, { headers: bearer(token) });
const post = (url: string, path: string, token?: string) => fetch(`${url}${path}`, { method: 'POST', headers: bearer(token) });

/** As the gateway would say: whoever has a token of this form has that role. */
const identify = async (token: string): Promise<Principal> => {
  const [, role] = /^token-of-(.*)$/.exec(token) ?? [];
  if (role === undefined) throw new DomainError('auth.token_signature', 'unauthenticated', 'No.');
  return { ...ANONYMOUS, kind: 'user', id: 'olga', roles: [role] };
};

describe('the admin port', () => {
  it('is alive whatever its services say', async () => {
    const { url } = await serve();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
  });

  it('is ready when every service serves and every dependency answers', async () => {
    const { url, service } = await serve();
    const { health } = service('events');
    service('runtime').health.setServing(true);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    health.setServing(true);
    expect((await fetch(`${url}/sys/healthcheck`)).status).toBe(200);
    health.depend('log', () => Promise.reject(new Error('the disk is full')));
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({
      ready: false,
      services: [
        { service: 'events', ready: false },
        { service: 'runtime', ready: true },
      ],
    });
    const response = await fetch(`${url}/readyz?verbose`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      ready: false,
      services: [
        { service: 'events', ready: false, dependencies: [{ name: 'log', ok: false, reason: 'the disk is full' }] },
        { service: 'runtime', ready: true },
      ],
    });
  });

  it('says what a dependency can do here', async () => {
    const { url, service } = await serve();
    const { health } = service('events');
    health.depend('log', async () => undefined, { essential: false, capabilities: { durability: 'safe', replicas: 3 } });
    expect(await (await get(url, '/readyz?verbose')).json()).toMatchObject({
      services: [{ dependencies: [{ name: 'log', ok: true, essential: false, capabilities: { durability: 'safe', replicas: 3 } }] }],
    });
  });

  it('has started when each of its services was ready once, and stays so while it drains', async () => {
    const { url, service } = await serve({ services: ['events', 'runtime'] });
    const { health } = service('events');
    health.setServing(true);
    expect([(await get(url, '/startupz')).status, (await get(url, '/readyz')).status]).toEqual([503, 503]);
    service('runtime').health.setServing(true);
    expect([(await get(url, '/startupz')).status, (await get(url, '/readyz')).status]).toEqual([200, 200]);
    health.setServing(false);
    expect([(await get(url, '/startupz')).status, (await get(url, '/readyz')).status]).toEqual([200, 503]);
  });

  it('shows the metrics of all services, each described once', async () => {
    const { url, service, admin } = await serve();
    service('events').metrics.counter('things_total', 'Things.').inc(2);
    service('runtime').metrics.counter('things_total', 'Things.').inc(3);
    const own = new Metrics('process');
    own.gauge('size', 'Size.').set(1);
    own.seconds('work_seconds', 'Work.').observe(0.2);
    admin.addMetrics(own);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text.match(/# HELP millrace_things_total/g)).toHaveLength(1);
    expect(text).toContain('millrace_things_total{service="events"} 2');
    expect(text).toContain('millrace_things_total{service="runtime"} 3');
    expect(text).toContain('millrace_size{service="process"} 1');
    expect(text).toContain('millrace_work_seconds_count{service="process"} 1');
  });

  it('answers 404 for what it does not have', async () => {
    const { url } = await serve();
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });

  it.each([
    ['GET', '/sys/config'],
    ['GET', '/sys/routes'],
    ['PUT', '/sys/logging'],
    ['POST', '/sys/profile?seconds=1'],
    ['POST', '/sys/heapdump'],
  ])('lets nobody %s %s without a token', async (method, path) => {
    const closed = await serve();
    expect((await fetch(`${closed.url}${path}`, { method, headers: bearer(TOKEN) })).status).toBe(403);
    const guarded = await serve({ token: TOKEN, heapDumps: 'nowhere' });
    guarded.admin.identifyBy(identify);
    for (const token of [undefined, 'another-token', `${TOKEN}x`, 'token-of-']) {
      expect((await fetch(`${guarded.url}${path}`, { method, headers: bearer(token) })).status).toBeGreaterThanOrEqual(401);
    }
    expect((await fetch(`${guarded.url}${path}`, { method, headers: { authorization: TOKEN } })).status).toBe(401);
    expect((await fetch(`${guarded.url}${path}`, { method, headers: bearer('token-of-person') })).status).toBe(403);
  });

  it('lets operators in by their access tokens, and only owners have heap dumps', async () => {
    const { url, admin, service } = await serve();
    service('events');
    admin.identifyBy(identify);
    for (const role of ['platform-operator', 'platform-admin']) {
      expect((await get(url, '/sys/routes', `token-of-${role}`)).status).toBe(200);
    }
    const [operator, owner] = [
      await post(url, '/sys/heapdump', 'token-of-platform-operator'),
      await post(url, '/sys/heapdump', 'token-of-platform-admin'),
    ];
    expect(await operator.json()).toEqual({ detail: 'This route is for platform-admin.' });
    expect(await owner.json()).toMatchObject({ detail: expect.stringContaining('are off') });
  });

  it('lets no credential in that is for some things alone', async () => {
    const { url, admin } = await serve();
    admin.identifyBy(async () => ({ ...ANONYMOUS, kind: 'user', roles: ['platform-admin'], scopes: ['read:events'] }));
    expect((await get(url, '/sys/routes', 'mrp_token')).status).toBe(403);
  });

  it('shows settings and what is served, by service', async () => {
    const { url, admin } = await serve({ token: TOKEN, settings: { MILLRACE_PLATFORM: { value: 'local', from: 'default' } } });
    const surface = new Surface();
    surface.add({ method: 'GET', path: '/v1/things', permission: 'read things' });
    surface.add({ method: 'CALL', path: 'call.things' });
    const log = new PinoLog('events', 'warn', { write: () => undefined });
    const settings = { MILLRACE_KEY: { value: 'REDACTED', from: 'file' } } as const;
    admin.add({ health: new Health('events'), metrics: new Metrics('events'), log, surface, settings });
    expect(await (await get(url, '/sys/config', TOKEN)).json()).toEqual({
      process: { MILLRACE_PLATFORM: { value: 'local', from: 'default' } },
      events: settings,
    });
    expect(await (await get(url, '/sys/routes', TOKEN)).json()).toEqual({
      events: [
        { method: 'GET', path: '/v1/things', permission: 'read things' },
        { method: 'CALL', path: 'call.things' },
      ],
    });
  });

  it('takes a profile of the processor', async () => {
    const { url } = await serve({ token: TOKEN });
    expect((await post(url, '/sys/profile?seconds=61', TOKEN)).status).toBe(400);
    const [first, second] = await Promise.all([post(url, '/sys/profile?seconds=1', TOKEN), post(url, '/sys/profile?seconds=1', TOKEN)]);
    expect([first.status, second.status].toSorted()).toEqual([200, 409]);
    const profile = (await (first.status === 200 ? first : second).json()) as { nodes: unknown[] };
    expect(profile.nodes.length).toBeGreaterThan(0);
  });

  it('refuses heap dumps where they are not allowed, or nobody could be told', async () => {
    const closed = await serve({ token: TOKEN });
    expect((await post(closed.url, '/sys/heapdump', TOKEN)).status).toBe(403);
    const unrecorded = await serve({ token: TOKEN, heapDumps: 'nowhere' });
    expect((await post(unrecorded.url, '/sys/heapdump', TOKEN)).status).toBe(403);
    expect(existsSync('nowhere')).toBe(false);
  });

  it('says of a failure only that it was one', async () => {
    const said: string[] = [];
    const log = new PinoLog('admin', 'warn', { write: (line: string) => void said.push(line) });
    const { url, admin } = await serve({ token: TOKEN, heapDumps: tmpdir(), log });
    admin.recordHeapDumpsBy(() => Promise.reject(new Error('the log at 10.0.0.1 is away')));
    const response = await post(url, '/sys/heapdump', TOKEN);
    expect([response.status, await response.text()]).toEqual([500, '{"detail":"The request failed. The log says why."}']);
    expect(said.join('')).toContain('10.0.0.1');
  });
});

describe('the level of logs', () => {
  const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

  it('is set for all services, or for one', async () => {
    const { url, service } = await serve({ token: TOKEN });
    const events = service('events');
    const runtime = service('runtime');
    expect((await put(url, { level: 'debug', service: 'events', until: inMinutes(1) }, TOKEN)).status).toBe(200);
    expect([events.log.level(), runtime.log.level()]).toEqual(['debug', 'warn']);
    expect((await put(url, { level: 'error' }, TOKEN)).status).toBe(200);
    expect([events.log.level(), runtime.log.level()]).toEqual(['error', 'error']);
  });

  it('goes back to what it was at first, however often it was changed', async () => {
    const { url, service, admin } = await serve({ token: TOKEN });
    const { log } = service('events');
    await put(url, { level: 'debug' }, TOKEN);
    await put(url, { level: 'trace' }, TOKEN);
    open.splice(open.indexOf(admin), 1);
    await admin.close();
    expect(log.level()).toBe('warn');
  });

  it('goes back by itself', async () => {
    const { url, service } = await serve({ token: TOKEN });
    const { log } = service('events');
    const { promise, resolve } = Promise.withResolvers<string>();
    const setLevel = log.setLevel.bind(log);
    log.setLevel = (level) => {
      setLevel(level);
      if (level === 'warn' && wasChanged) resolve(level);
    };
    let wasChanged = false;
    await put(url, { level: 'debug', until: new Date(Date.now() + 300).toISOString() }, TOKEN);
    wasChanged = true;
    expect(await promise).toBe('warn');
  });

  it('is finer for the work of some ids alone', async () => {
    const { url, admin } = await serve({ token: TOKEN });
    const lines: string[] = [];
    const log = new PinoLog('events', 'warn', { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) });
    admin.add({ health: new Health('events'), metrics: new Metrics('events'), log });
    await put(url, { level: 'debug', for: { workspace: 'ws_1' } }, TOKEN);
    log.debug('of nobody');
    withIds({ workspace: 'ws_2' }, () => log.info('of another'));
    withIds({ workspace: 'ws_1' }, () => log.debug('of the one'));
    log.warn('of anybody');
    expect(lines).toEqual(['of the one', 'of anybody']);
    expect(log.level()).toBe('warn');
  });

  it.each([
    [{}],
    [{ level: 'loud' }],
    ['no object'],
    [null],
    [{ level: 'debug', until: 'tomorrow' }],
    [{ level: 'debug', until: inMinutes(-1) }],
    [{ level: 'debug', until: inMinutes(25 * 60) }],
    [{ level: 'debug', for: {} }],
    [{ level: 'debug', for: { user: 'ada' } }],
    [{ level: 'debug', for: { workspace: 1 } }],
    [{ level: 'debug', for: 'ws_1' }],
    [{ level: 'debug', service: 7 }],
    [{ level: 'x'.repeat(5_000) }],
  ])('is not set by %p', async (body) => {
    const { url, service } = await serve({ token: TOKEN });
    const { log } = service('events');
    expect([(await put(url, body, TOKEN)).status, log.level()]).toEqual([400, 'warn']);
  });

  it('is not set for a service that is elsewhere', async () => {
    const { url } = await serve({ token: TOKEN });
    expect((await put(url, { level: 'debug', service: 'nobody' }, TOKEN)).status).toBe(404);
  });

  it('lets operators ask what a service answers them', async () => {
    const { url, admin, service } = await serve({ token: TOKEN });
    const surface = new Surface();
    surface.answer('explain', (query) => ({ of: query.get('path') }));
    admin.add({ ...service('gateway'), surface });
    expect((await get(url, '/sys/gateway/explain?path=/v1')).status).toBe(401);
    const answer = await get(url, '/sys/gateway/explain?path=/v1', TOKEN);
    expect([answer.status, await answer.json()]).toEqual([200, { of: '/v1' }]);
    expect((await get(url, '/sys/gateway/nothing', TOKEN)).status).toBe(404);
  });
});

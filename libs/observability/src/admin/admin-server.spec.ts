import { afterEach, describe, expect, it } from '@jest/globals';
import { AdminServer, Health, Metrics, PinoLog, type AdminOptions } from '../index';

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

const put = (url: string, body: unknown, token?: string) =>
  fetch(`${url}/sys/logging`, {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

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
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      ready: false,
      services: [
        { service: 'events', ready: false, dependencies: [{ name: 'log', ok: false, reason: 'the disk is full' }] },
        { service: 'runtime', ready: true },
      ],
    });
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

  it('refuses to change anything without its token', async () => {
    const closed = await serve();
    expect((await put(closed.url, { level: 'debug' })).status).toBe(403);
    const guarded = await serve({ token: TOKEN });
    expect((await put(guarded.url, { level: 'debug' }, 'another-token')).status).toBe(401);
  });

  it('sets the log level of all services, or of one', async () => {
    const { url, service } = await serve({ token: TOKEN });
    const events = service('events');
    const runtime = service('runtime');
    expect((await put(url, { level: 'debug', service: 'events', seconds: 60 }, TOKEN)).status).toBe(200);
    expect([events.log.level(), runtime.log.level()]).toEqual(['debug', 'warn']);
    expect((await put(url, { level: 'error' }, TOKEN)).status).toBe(200);
    expect([events.log.level(), runtime.log.level()]).toEqual(['error', 'error']);
  });

  it.each([[{}], [{ level: 'loud' }], ['no object']])('refuses the level in %p', async (body) => {
    const { url } = await serve({ token: TOKEN });
    expect((await put(url, body, TOKEN)).status).toBe(400);
  });

  it('refuses heap dumps where they are not allowed', async () => {
    const { url } = await serve({ token: TOKEN });
    const response = await fetch(`${url}/sys/heapdump`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } });
    expect(response.status).toBe(403);
  });
});

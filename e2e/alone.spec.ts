import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { freePort, temporaryFolder } from '@millrace/testing';

const main = (app: string): string => fileURLToPath(new URL(`../dist/apps/${app}/main.js`, import.meta.url));

/** Starts an app by itself; resolves when it is ready. */
async function startAlone(app: string, folder: string, more: Record<string, string> = {}) {
  const admin = await freePort();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main(app)], {
    env: {
      PATH: process.env['PATH'],
      MILLRACE_DATA: folder,
      MILLRACE_PORT: String(await freePort()),
      MILLRACE_ADMIN_PORT: String(admin),
      MILLRACE_LOG_LEVEL: 'info',
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let lines = '';
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  child.stderr.on('data', (chunk: Buffer) => {
    lines += chunk.toString('utf8');
    if (lines.includes('"msg":"Ready."')) resolve();
  });
  child.once('exit', () => reject(new Error(`${app} ended before it was ready:\n${lines}`)));
  await ready;
  const stop = async (): Promise<unknown[]> => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    return gone;
  };
  return { admin: `http://127.0.0.1:${admin}`, stop, lines: () => lines };
}

describe('a service alone in its process', () => {
  it.each(['workspaces', 'events', 'runtime', 'gateway'])('%s starts, is ready, drains and ends', async (app) => {
    expect(existsSync(main(app))).toBe(true);
    using folder = temporaryFolder();
    const service = await startAlone(app, folder.path);
    const health = await fetch(`${service.admin}/readyz`);
    expect(await health.json()).toMatchObject({ ready: true, services: [{ service: app }] });
    expect(await service.stop()).toEqual([0, null]);
    expect(service.lines()).toContain('"msg":"Stopped."');
  });

  it('says of each store it stands on whether it answers, and is not ready without one it needs', async () => {
    using folder = temporaryFolder();
    const service = await startAlone('workspaces', folder.path);
    const readiness = async (): Promise<unknown[]> => {
      const answer = await fetch(`${service.admin}/readyz?verbose`);
      const { services } = (await answer.json()) as { services: { dependencies: { name: string; ok: boolean }[] }[] };
      return [answer.status, ...(services[0]?.dependencies ?? []).map(({ name, ok }) => `${name}: ${ok}`)];
    };
    const shared = ['key-value store: true', 'event log: true', 'history: true', 'blob store: true'];
    expect(await readiness()).toEqual([200, ...shared, 'document store: true']);
    rmSync(join(folder.path, 'workspaces', 'workspaces.db'));
    expect(await readiness()).toEqual([503, ...shared, 'document store: false']);
    expect((await fetch(`${service.admin}/livez`)).status).toBe(200);
    await service.stop();
  });

  it('writes a heap dump that only its owner can read, one a minute', async () => {
    using folder = temporaryFolder();
    const token = 'a-long-admin-token';
    const service = await startAlone('workspaces', folder.path, { MILLRACE_HEAPDUMP: 'true', MILLRACE_ADMIN_TOKEN: token });
    const dump = () => fetch(`${service.admin}/sys/heapdump`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    const response = await dump();
    expect(response.status).toBe(201);
    const { file } = (await response.json()) as { file: string };
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await dump()).status).toBe(429);
    await service.stop();
  });
});

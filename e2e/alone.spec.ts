import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { freePort, temporaryFolder } from '@millrace/testing';

const main = (app: string): string => fileURLToPath(new URL(`../dist/apps/${app}/main.js`, import.meta.url));

describe('a service alone in its process', () => {
  it.each(['workspaces', 'events', 'runtime', 'gateway'])('%s starts, is ready, drains and ends', async (app) => {
    expect(existsSync(main(app))).toBe(true);
    using folder = temporaryFolder();
    const admin = await freePort();
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main(app)], {
      env: {
        PATH: process.env['PATH'],
        MILLRACE_DATA: folder.path,
        MILLRACE_PORT: String(await freePort()),
        MILLRACE_ADMIN_PORT: String(admin),
        MILLRACE_LOG_LEVEL: 'info',
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
    const health = await fetch(`http://127.0.0.1:${admin}/readyz`);
    expect(await health.json()).toMatchObject({ ready: true, services: [{ service: app }] });
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
    expect(lines).toContain('"msg":"Stopped."');
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminServer } from '@millrace/observability';
import { openLocalPlatform, start, type Platform, type RunningService } from '@millrace/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gatewayService } from './index';
import { Browser } from './infrastructure/issuer/testing/browser';

const PASSWORD = 'a mill by the lake';

describe('a browser at the gateway', () => {
  let folder: string;
  let platform: Platform;
  let gateway: RunningService;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    folder = await mkdtemp(join(tmpdir(), 'millrace-gateway-'));
    platform = await openLocalPlatform({ folder, durability: 'fast', logLevel: 'silent' });
    const definition = gatewayService({ MILLRACE_PORT: String(port), MILLRACE_FIRST_PASSWORD: PASSWORD });
    gateway = await start(definition, platform, new AdminServer({ host: '127.0.0.1', port: 0 }));
    url = definition.publicUrl;
  });

  afterAll(async () => {
    await gateway.stop();
    await platform.close();
    await rm(folder, { recursive: true });
  });

  it('signs in, is known, and signs out', async () => {
    const browser = new Browser();
    const page = await browser.open(`${url}/v1/auth/sign-in?return=/healthz`);
    expect(page.text).toContain('Millrace console');
    const back = await browser.submit(page, { name: 'ada', password: PASSWORD });
    expect(back.url).toBe(`${url}/healthz`);
    const me = await browser.send(`${url}/v1/me`);
    expect([me.status, await me.json()]).toEqual([200, expect.objectContaining({ kind: 'user', name: 'Ada Miller' })]);
    const out = await browser.send(`${url}/v1/auth/sign-out`, { method: 'POST', headers: { origin: url, 'millrace-csrf': '1' } });
    expect(out.status).toBe(204);
    expect((await browser.send(`${url}/v1/me`)).status).toBe(401);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

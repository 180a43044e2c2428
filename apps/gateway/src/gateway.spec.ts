import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayService } from '@millrace/contracts';
import { servicePrincipal } from '@millrace/kernel';
import { AdminServer } from '@millrace/observability';
import { openLocalPlatform, start, type Platform, type RunningService } from '@millrace/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gatewayService, type FirstSignIn } from './index';

const admin = new AdminServer({ host: '127.0.0.1', port: 0 });

describe('the gateway', () => {
  let folder: string;
  let platform: Platform;
  let gateway: RunningService;
  let url: string;
  let port: number;
  const told: FirstSignIn[] = [];

  beforeAll(async () => {
    port = await freePort();
    folder = await mkdtemp(join(tmpdir(), 'millrace-gateway-'));
    platform = await openLocalPlatform({ folder, durability: 'fast', logLevel: 'silent' });
    const environment = { MILLRACE_PORT: String(port) };
    const definition = gatewayService(environment, { onFirstSignIn: (first) => told.push(first) });
    gateway = await start(definition, platform, admin);
    url = definition.publicUrl;
  });

  afterAll(async () => {
    await gateway.stop();
    await platform.close();
    await rm(folder, { recursive: true });
  });

  const signIn = async (): Promise<string> => {
    const { username, password } = told[0] ?? never();
    const form = new URLSearchParams({ grant_type: 'password', client_id: 'millrace-cli', username, password });
    const answer = await fetch(`${url}/realms/millrace/protocol/openid-connect/token`, { method: 'POST', body: form });
    return ((await answer.json()) as { access_token: string }).access_token;
  };

  it('tells the first sign-in once, and lets that person in', async () => {
    expect(told).toEqual([{ username: expect.any(String), password: expect.stringMatching(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/) }]);
    const answer = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${await signIn()}` } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ kind: 'user', roles: expect.arrayContaining(['person']) });
  });

  it('answers nobody else about themselves', async () => {
    const answer = await fetch(`${url}/v1/me`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, 'api.sign_in_needed']);
  });

  it('tells services whom a token speaks for, with a passport that proves it, and nobody else', async () => {
    const token = await signIn();
    const context = { principal: servicePrincipal('gateway'), correlationId: 'c', deadline: Date.now() + 10_000 };
    const { principal, signed, expiresAt } = await gateway.parts.bus.call(GatewayService.method.identify, { token }, context);
    expect(await gateway.parts.passports.verify(signed)).toMatchObject({ kind: 'user', id: principal?.id });
    expect(Number(expiresAt)).toBeGreaterThan(Date.now());
    const person = { ...context, principal: { kind: 'user', id: 'x', roles: [] } as const };
    await expect(gateway.parts.bus.call(GatewayService.method.identify, { token }, person)).rejects.toMatchObject({
      code: 'gateway.identify_denied',
    });
    await expect(gateway.parts.bus.call(GatewayService.method.identify, { token: 'x' }, context)).rejects.toMatchObject({
      code: 'auth.token_malformed',
    });
  });

  it('shows health without details, whom to tell of a weakness, and what a problem is', async () => {
    const health = await fetch(`${url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { ready: true }]);
    expect(health.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await (await fetch(`${url}/.well-known/security.txt`)).text()).toMatch(/^Contact: mailto:security@127.0.0.1\nExpires: 20/);
    expect(await (await fetch(`${url}/.well-known/oauth-protected-resource`)).json()).toMatchObject({
      authorization_servers: [expect.stringMatching(/\/realms\/millrace$/)],
    });
    const problem = await fetch(`${url}/problems/api.field_unknown`);
    expect(await problem.json()).toMatchObject({ code: 'api.field_unknown', title: 'Field unknown' });
    const page = await fetch(`${url}/problems/api.field_unknown`, { headers: { accept: 'text/html' } });
    expect([page.headers.get('content-type'), await page.text()]).toEqual([
      'text/html; charset=utf-8',
      expect.stringContaining('<h1>Field unknown</h1>'),
    ]);
    expect((await fetch(`${url}/problems/%3Cscript%3E`)).status).toBe(404);
  });

  it('gives editors the schema of each kind of document', async () => {
    const answer = await fetch(`${url}/schemas/v1/automation.json`);
    expect(answer.headers.get('content-type')).toMatch('application/schema+json');
    expect(await answer.json()).toMatchObject({
      $id: expect.stringMatching(/^http.*\/schemas\/v1\/automation\.json$/),
      properties: { do: {} },
    });
    const unknown = await fetch(`${url}/schemas/v1/page.json`);
    expect([unknown.status, await unknown.json()]).toEqual([404, expect.objectContaining({ code: 'api.schema_unknown' })]);
  });

  it('shows programs what can be called', async () => {
    const answer = await fetch(`${url}/openapi.json`);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await answer.json()).toMatchObject({ openapi: '3.1.0', paths: { '/v1/me': { get: { operationId: 'getMe' } } } });
  });

  it('says it is not ready while it is not', async () => {
    gateway.parts.health.setServing(false);
    expect((await fetch(`${url}/healthz`)).status).toBe(503);
    gateway.parts.health.setServing(true);
  });

  it('keeps Nest from answering in a form of its own', async () => {
    const answer = await fetch(`${url}/healthz`, { method: 'POST' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });

  it('does not serve the embedded identity provider to other machines', () => {
    expect(() => gatewayService({ MILLRACE_HOST: '0.0.0.0' })).toThrow(expect.objectContaining({ code: 'issuer.beyond_loopback' }));
    expect(() => gatewayService({ MILLRACE_HOST: '0.0.0.0', MILLRACE_IDENTITY_BEYOND_LOOPBACK: 'true' })).not.toThrow();
    expect(() => gatewayService({ MILLRACE_IDENTITY: 'external' })).toThrow(expect.objectContaining({ code: 'settings.invalid' }));
    expect(() =>
      gatewayService({ MILLRACE_IDENTITY: 'external', MILLRACE_ISSUER_URL: 'https://login.test/realms/x', MILLRACE_HOST: '::' }),
    ).not.toThrow();
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function never(): never {
  throw new Error('Nobody told the first sign-in.');
}

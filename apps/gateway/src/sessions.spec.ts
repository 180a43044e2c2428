import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminServer } from '@millrace/observability';
import { openLocalPlatform, start, type Platform, type RunningService } from '@millrace/service';
import { FormBrowser } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gatewayService } from './index';

const PASSWORD = 'a mill by the lake';

type Answer = Readonly<Record<string, unknown>>;

let folder: string;
let platform: Platform;
let gateway: RunningService;
let url: string;

beforeAll(async () => {
  const port = await freePort();
  folder = await mkdtemp(join(tmpdir(), 'millrace-gateway-'));
  platform = await openLocalPlatform({ folder, durability: 'fast', logLevel: 'silent' });
  const rules = join(folder, 'gateway.yaml');
  await writeFile(rules, 'limits:\n  sign-in: 600/min\n  password: 600/min\n  anonymous: 600/min\n');
  const environment = { MILLRACE_PORT: String(port), MILLRACE_FIRST_PASSWORD: PASSWORD, MILLRACE_GATEWAY_FILE: rules };
  const definition = gatewayService(environment);
  gateway = await start(definition, platform, new AdminServer({ host: '127.0.0.1', port: 0 }));
  url = definition.publicUrl;
});

afterAll(async () => {
  await gateway.stop();
  await platform.close();
  await rm(folder, { recursive: true });
});

/** A browser in which somebody has just signed in, and where that led. */
async function signedIn(username = 'ada', query = 'return=/healthz'): Promise<FormBrowser> {
  const browser = new FormBrowser();
  const page = await browser.open(`${url}/v1/auth/sign-in?${query}`);
  await browser.submit(page, { name: username, password: PASSWORD });
  return browser;
}

/** Writes as the console does. */
function write(browser: FormBrowser, method: string, path: string): Promise<Response> {
  return browser.send(`${url}${path}`, { method, headers: { origin: url, 'millrace-csrf': '1' } });
}

async function read(browser: FormBrowser, path: string): Promise<Answer> {
  const answer = await browser.send(`${url}${path}`);
  return { status: answer.status, ...((await answer.json()) as object) };
}

async function token(username: string): Promise<Record<string, string>> {
  const form = new URLSearchParams({ grant_type: 'password', client_id: 'millrace-cli', username, password: PASSWORD });
  return (await (await fetch(`${url}/realms/millrace/protocol/openid-connect/token`, { method: 'POST', body: form })).json()) as Record<
    string,
    string
  >;
}

async function refreshed(refresh: string | undefined): Promise<Answer> {
  const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'millrace-cli', refresh_token: refresh ?? '' });
  return (await (await fetch(`${url}/realms/millrace/protocol/openid-connect/token`, { method: 'POST', body: form })).json()) as Answer;
}

async function withToken(access: string | undefined): Promise<number> {
  return (await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${access}` } })).status;
}

async function anonymous(earlier = ''): Promise<Record<string, string>> {
  const body = JSON.stringify({ token: earlier });
  const answer = await fetch(`${url}/v1/auth/anonymous`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  return (await answer.json()) as Record<string, string>;
}

/** What the log says of sessions since `from`. */
async function told(): Promise<readonly Answer[]> {
  const seen: Answer[] = [];
  for await (const { type, payload } of platform.eventLog.read('first', 'platform.gateway.>', { live: false })) {
    seen.push({ type, ...(JSON.parse(new TextDecoder().decode(payload)) as object) });
  }
  return seen;
}

describe('a person in a browser', () => {
  it('signs in, is known, and signs out', async () => {
    const browser = new FormBrowser();
    const page = await browser.open(`${url}/v1/auth/sign-in?return=/healthz`);
    expect(page.text).toContain('Millrace console');
    expect((await browser.submit(page, { name: 'ada', password: PASSWORD })).url).toBe(`${url}/healthz`);
    const me = await read(browser, '/v1/me');
    expect(me).toMatchObject({ status: 200, kind: 'user', name: 'Ada Miller', session: expect.stringMatching(/^ses_/) });
    expect((await write(browser, 'POST', '/v1/auth/sign-out')).status).toBe(204);
    expect(await read(browser, '/v1/me')).toMatchObject({ status: 401 });
    expect(await told()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'gateway.sessions.opened', client: 'millrace-console', ip: '127.0.0.1' }),
        expect.objectContaining({ type: 'gateway.sessions.closed', reason: 'signed-out', session: me['session'], user: me['id'] }),
      ]),
    );
  });

  it('is asked for the password again after signing out, since the sign-in at the provider is over too', async () => {
    const browser = await signedIn();
    const again = await browser.open(`${url}/v1/auth/sign-in?return=/healthz`);
    expect(again.url).toBe(`${url}/healthz`);
    await write(browser, 'POST', '/v1/auth/sign-out');
    expect((await browser.open(`${url}/v1/auth/sign-in?return=/healthz`)).text).toContain('<label for="password">');
  });

  it('goes on where it began, from several tabs at once', async () => {
    const browser = new FormBrowser();
    const [one, other] = [
      await browser.open(`${url}/v1/auth/sign-in?return=/healthz`),
      await browser.open(`${url}/v1/auth/sign-in?return=/openapi.json`),
    ];
    expect((await browser.submit(other, { name: 'ada', password: PASSWORD })).url).toBe(`${url}/openapi.json`);
    expect((await browser.submit(one, { name: 'ada', password: PASSWORD })).url).toBe(`${url}/healthz`);
  });

  it('sees in which browsers it is signed in, and signs one of them out from another', async () => {
    const [here, there] = [await signedIn('bob'), await signedIn('bob')];
    const { items } = (await read(here, '/v1/me/sessions')) as { items: readonly Answer[] };
    expect(items).toEqual(
      expect.arrayContaining([expect.objectContaining({ current: true }), expect.objectContaining({ ip: '127.0.0.1' })]),
    );
    const other = items.find(({ current }) => current !== true) ?? {};
    expect((await write(here, 'DELETE', `/v1/me/sessions/${String(other['id'])}`)).status).toBe(204);
    expect((await write(here, 'DELETE', `/v1/me/sessions/${String(other['id'])}`)).status).toBe(404);
    expect([await read(there, '/v1/me'), await read(here, '/v1/me')]).toMatchObject([{ status: 401 }, { status: 200 }]);
  });

  it('ends nobody else’s session', async () => {
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')];
    const { session } = await read(ada, '/v1/me');
    expect((await write(bob, 'DELETE', `/v1/me/sessions/${String(session)}`)).status).toBe(404);
    expect(await read(ada, '/v1/me')).toMatchObject({ status: 200 });
  });

  it('signs out everywhere: every browser and every app, and what was given to them', async () => {
    const [one, other, app] = [await signedIn('bob'), await signedIn('bob'), await token('bob')];
    expect(await withToken(app['access_token'])).toBe(200);
    const answer = await write(one, 'POST', '/v1/auth:sign-out-everywhere');
    expect(answer.status).toBe(204);
    expect([await read(one, '/v1/me'), await read(other, '/v1/me')]).toMatchObject([{ status: 401 }, { status: 401 }]);
    expect(await withToken(app['access_token'])).toBe(401);
    expect(await refreshed(app['refresh_token'])).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('an app with tokens', () => {
  it('signs out with its token: that and what it would renew it with are over, other sign-ins are not', async () => {
    const [app, other] = [await token('ada'), await token('ada')];
    const answer = await fetch(`${url}/v1/auth/sign-out`, { method: 'POST', headers: { authorization: `Bearer ${app['access_token']}` } });
    expect(answer.status).toBe(204);
    expect([await withToken(app['access_token']), await withToken(other['access_token'])]).toEqual([401, 200]);
    expect(await refreshed(app['refresh_token'])).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a visitor', () => {
  it('is the same one at each visit', async () => {
    const first = await anonymous();
    expect(first).toMatchObject({ id: expect.stringMatching(/^anon_/), session: expect.stringMatching(/^ses_/) });
    expect(await anonymous(first['token'])).toMatchObject({ id: first['id'], session: first['session'] });
    expect((await anonymous())['id']).not.toBe(first['id']);
  });

  it('cannot come with a token that somebody else made', async () => {
    const { token: good = '' } = await anonymous();
    const [head = '', claims = '', signature = ''] = good.split('.');
    const other = Buffer.from(JSON.stringify({ ...(JSON.parse(atob(claims)) as object), sub: 'ada' })).toString('base64url');
    expect(await anonymous(`${head}.${other}.${signature}`)).toMatchObject({ code: 'auth.token_expired', status: 401 });
    expect(await anonymous((await token('ada'))['access_token'])).toMatchObject({ status: 401 });
    expect(await withToken(good)).toBe(401);
  });

  it('goes on as a person who signs in', async () => {
    const { token: link = '', session } = await anonymous();
    const browser = await signedIn('ada', `return=/healthz&link=${link}`);
    expect(await read(browser, '/v1/me')).toMatchObject({ status: 200, kind: 'user', session });
    await write(browser, 'POST', '/v1/auth/sign-out');
    expect(await anonymous(link)).toMatchObject({ code: 'auth.token_revoked' });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort, KeycloakRealm, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as openid from 'openid-client';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = process.env['MILLRACE_CHROMIUM'] ?? '/usr/bin/chromium';
const [FIRST, OWN] = ['given by the administrator', 'a mill by the lake'];

const folder = temporaryFolder();
let realm: KeycloakRealm;
let millrace: StandaloneProcess;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const ports = { http: await freePort(), admin: await freePort() };
  realm = await KeycloakRealm.create({ publicUrl: `http://127.0.0.1:${ports.http}` });
  const environment = { MILLRACE_IDENTITY: 'external', MILLRACE_ISSUER_URL: realm.issuerUrl };
  millrace = await startStandaloneProcess({ folder: folder.path, password: 'not asked for', ports, environment });
  // Chromium's own sandbox refuses root.
  browser = await chromium.launch({ executablePath: CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});

afterAll(async () => {
  await browser.close();
  await millrace.stop();
  await realm[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** A browser in which nobody is signed in. */
async function open(url: string): Promise<void> {
  page = await (await browser.newContext()).newPage();
  await page.goto(url);
}

async function signIn(username: string, password: string): Promise<void> {
  await page.fill('#username', username);
  await page.fill('#password', password);
  await page.click('#kc-login');
}

async function client(id: string, proof: openid.ClientAuth = openid.None()): Promise<openid.Configuration> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to be seen: the stack speaks plain HTTP, on loopback
  return openid.discovery(new URL(realm.issuerUrl), id, undefined, proof, { execute: [openid.allowInsecureRequests] });
}

/** Signs in by code and PKCE, in the browser as far as `inBrowser` goes, and comes back with tokens. */
async function byCode(
  config: openid.Configuration,
  redirect: string,
  inBrowser: () => Promise<void>,
): Promise<openid.TokenEndpointResponse> {
  const [verifier, state] = [openid.randomPKCECodeVerifier(), openid.randomState()];
  const challenge = { code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
  await open(openid.buildAuthorizationUrl(config, { redirect_uri: redirect, scope: 'openid', state, ...challenge }).href);
  const back = page.waitForRequest((request) => request.url().startsWith(redirect));
  await inBrowser();
  return openid.authorizationCodeGrant(config, new URL((await back).url()), { pkceCodeVerifier: verifier, expectedState: state });
}

/** What the gateway says of whoever has the token. */
async function me({ access_token: token }: Pick<openid.TokenEndpointResponse, 'access_token'>): Promise<unknown> {
  const answer = await fetch(`${millrace.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, ...((await answer.json()) as object) };
}

/** What a program on this machine listens with for the end of a sign-in. */
async function callback(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((_, answer) => answer.end('You are signed in.')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback` };
}

describe('a gateway that leaves sign-in to Keycloak', () => {
  it('is no provider itself', async () => {
    expect((await fetch(`${millrace.url}/realms/millrace/.well-known/openid-configuration`)).status).toBe(404);
    expect(millrace.output()).not.toMatch(/password/i);
  });

  it('lets a machine in that comes with its own credentials', async () => {
    const config = await client('millrace-service', openid.ClientSecretPost(await realm.secretOf('millrace-service')));
    expect(await me(await openid.clientCredentialsGrant(config))).toMatchObject({ status: 200, kind: 'user', roles: [] });
  });

  it('refuses a token of another realm of the same Keycloak', async () => {
    await using other = await KeycloakRealm.create();
    const secret = await other.secretOf('millrace-service');
    const answer = await other.token({ grant_type: 'client_credentials', client_id: 'millrace-service', client_secret: secret });
    expect(await me({ access_token: answer.access_token ?? '' })).toMatchObject({ status: 401, code: 'auth.token_signature' });
  });
});

describe('a person in a browser', () => {
  afterEach(() => page.context().close());

  it('changes the password the administrator gave, and comes back to the program that asked, on any loopback port', async () => {
    await realm.setPassword('ada', FIRST, { temporary: true });
    const { server, url } = await callback();
    const config = await client('millrace-cli');
    const tokens = await byCode(config, url, async () => {
      await signIn('ada', FIRST);
      await page.fill('#password-new', OWN);
      await page.fill('#password-confirm', OWN);
      await page.click('[type=submit]');
    });
    server.close();
    expect(await me(tokens)).toMatchObject({
      status: 200,
      kind: 'user',
      name: 'Ada Miller',
      roles: expect.arrayContaining(['platform-admin']),
    });
    expect(await me(await openid.refreshTokenGrant(config, tokens.refresh_token ?? ''))).toMatchObject({ status: 200, name: 'Ada Miller' });
  });

  it('signs in for the console, which proves itself with its secret', async () => {
    await realm.setPassword('bob', OWN);
    const config = await client('millrace-console', openid.ClientSecretBasic(await realm.secretOf('millrace-console')));
    const tokens = await byCode(config, `${millrace.url}/v1/auth/callback`, () => signIn('bob', OWN));
    expect(await me(tokens)).toMatchObject({ status: 200, name: 'Bob Weaver', roles: ['person'] });
  });

  it('lets a device in, by the code it shows', async () => {
    await realm.setPassword('bob', OWN);
    const config = await client('millrace-cli');
    const verifier = openid.randomPKCECodeVerifier();
    const challenge = { code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
    const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid', ...challenge });
    await open(device.verification_uri_complete ?? device.verification_uri);
    await signIn('bob', OWN);
    await page.click('[name=accept]');
    const tokens = await openid.pollDeviceAuthorizationGrant(config, device, { code_verifier: verifier });
    expect(await me(tokens)).toMatchObject({ status: 200, name: 'Bob Weaver' });
  });
});

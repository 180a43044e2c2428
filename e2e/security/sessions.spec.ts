import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FormBrowser, type Shown } from '@millrace/testing';
import { io } from 'socket.io-client';
import { embeddedGround } from '../sign-in/embedded-ground';
import { newBrowser, signInAt, type Ground } from '../sign-in/ground';

let ground: Ground;

beforeAll(async () => {
  ground = await embeddedGround();
});

afterAll(async () => {
  await ground[Symbol.asyncDispose]();
});

const signInUrl = (returnTo = '/healthz'): string => `${ground.url}/v1/auth/sign-in?return=${encodeURIComponent(returnTo)}`;

async function signedIn(username = 'ada', browser = newBrowser(ground)): Promise<FormBrowser> {
  await signInAt(browser, await browser.open(signInUrl()), ground, username);
  return browser;
}

async function codeOf(answer: Response): Promise<unknown> {
  return ((await answer.json()) as { readonly code?: unknown }).code;
}

async function me(browser: FormBrowser): Promise<Readonly<Record<string, unknown>>> {
  return (await (await browser.send(`${ground.url}/v1/me`)).json()) as Readonly<Record<string, unknown>>;
}

/** A page that a browser comes back to from the provider, not followed any further. */
async function callbackOf(username: string, browser: FormBrowser): Promise<string> {
  const stopping = await browser.open(signInUrl());
  const [form] = /<form[^>]*>/.exec(stopping.text) ?? [''];
  const action = new URL(/action="([^"]*)"/.exec(form)?.[1] ?? stopping.url, stopping.url).href;
  let answer = await browser.send(action, {
    method: 'POST',
    body: new URLSearchParams({ [ground.fields.name]: username, [ground.fields.password]: ground.password }),
  });
  for (let hops = 0; hops < 5; hops += 1) {
    const next = new URL(answer.headers.get('location') ?? '', ground.url).href;
    if (next.includes('/v1/auth/callback')) return next;
    answer = await browser.send(next);
  }
  throw new Error('The provider did not send the browser back.');
}

describe('where a sign-in leads', () => {
  it.each([
    'https://evil.test',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    ' //evil.test',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.test',
    '@evil.test',
    '/v1/auth/sign-in',
    '/%76%31/auth/sign-in',
    '',
  ])('is not %j: nobody is sent anywhere', async (returnTo) => {
    const answer = await fetch(signInUrl(returnTo), { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location'), answer.headers.get('set-cookie'), await codeOf(answer)]).toEqual([
      ...[400, null, null, 'api.return_invalid'],
    ]);
  });

  it('is the provider, with PKCE, state and nonce, and a ticket that no script reads and nobody else can make', async () => {
    const answer = await fetch(signInUrl(), { redirect: 'manual' });
    const asked = new URL(answer.headers.get('location') ?? '').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      ...{ response_type: 'code', code_challenge_method: 'S256', redirect_uri: `${ground.url}/v1/auth/callback` },
      ...{ state: expect.stringMatching(/^[\w-]{43}$/), nonce: expect.stringMatching(/^[\w-]{43}$/) },
    });
    const ticket = answer.headers.get('set-cookie') ?? '';
    expect(ticket).toMatch(/^millrace-sign-in-[\w-]{8}=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(ticket).not.toContain(asked.get('nonce') ?? 'none');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('the end of a sign-in', () => {
  it('gives a session to the browser that began it, once', async () => {
    const browser = newBrowser(ground);
    const callback = await callbackOf('ada', browser);
    const [first, second] = [await browser.send(callback), await browser.send(callback)];
    expect([first.status, second.status, await codeOf(second)]).toEqual([303, 401, 'auth.sign_in_expired']);
    expect(first.headers.getSetCookie()).toContainEqual(
      expect.stringMatching(/^millrace=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/),
    );
  });

  it('gives none to a browser that somebody else sends there with a sign-in of his own', async () => {
    const callback = await callbackOf('bob', newBrowser(ground));
    const [fresh, waiting] = [newBrowser(ground), newBrowser(ground)];
    await waiting.open(signInUrl());
    for (const victim of [fresh, waiting]) {
      const answer = await victim.send(callback);
      expect([answer.status, await codeOf(answer)]).toEqual([401, 'auth.sign_in_expired']);
      expect(await me(victim)).toMatchObject({ code: 'api.sign_in_needed' });
    }
  });

  it.each(['?error=access_denied', '?code=x', '?state=x', '', '?code=x&state=%0d%0aset-cookie:a=b'])(
    'is refused with %j',
    async (query) => {
      const answer = await fetch(`${ground.url}/v1/auth/callback${query}`, { redirect: 'manual' });
      expect([answer.status, await codeOf(answer)]).toEqual([401, 'auth.sign_in_expired']);
      expect(answer.headers.getSetCookie().every((cookie) => cookie.includes('Max-Age=0'))).toBe(true);
    },
  );
});

describe('a session', () => {
  it('is a new one at each sign-in, whatever the browser had before', async () => {
    const planted = 'p'.repeat(43);
    const victim = new FormBrowser();
    victim.hold('millrace', planted);
    await signedIn('ada', victim);
    expect(await me(victim)).toMatchObject({ name: 'Ada Miller' });
    const attacker = await fetch(`${ground.url}/v1/me`, { headers: { cookie: `millrace=${planted}` } });
    expect([attacker.status, await codeOf(attacker)]).toEqual([401, 'auth.session_ended']);
  });

  it('that somebody else planted ends when its victim signs in, and is nobody’s then', async () => {
    const attacker = await signedIn('bob');
    const victim = new FormBrowser();
    victim.hold('millrace', attacker.held('millrace') ?? '');
    await signedIn('ada', victim);
    expect(await me(victim)).toMatchObject({ name: 'Ada Miller' });
    expect(await me(attacker)).toMatchObject({ status: 401 });
  });

  it('and a token may not come together', async () => {
    const browser = await signedIn();
    const answer = await browser.send(`${ground.url}/v1/me`, { headers: { authorization: 'Bearer x' } });
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'api.credentials_ambiguous']);
  });

  it('is not ended by a GET, nor by a page that may not write', async () => {
    const browser = await signedIn();
    expect((await browser.send(`${ground.url}/v1/auth/sign-out`)).status).toBe(405);
    expect((await browser.send(`${ground.url}/v1/auth/sign-out`, { method: 'POST' })).status).toBe(403);
    expect(await me(browser)).toMatchObject({ name: 'Ada Miller' });
  });
});

describe('a socket that came with a session', () => {
  it('ends within five seconds when the session is signed out in another browser', async () => {
    const [here, there] = [await signedIn('bob'), await signedIn('bob')];
    const proof = { origin: ground.url, 'millrace-csrf': '1' };
    const made = await here.send(`${ground.url}/v1/workspaces`, {
      ...{ method: 'POST', headers: { ...proof, 'content-type': 'application/json' }, body: JSON.stringify({ name: 'Weaving mill' }) },
    });
    const { id } = (await made.json()) as { readonly id: string };
    const socket = io(`${ground.url}/v1/workspaces/${id}/events`, {
      ...{ transports: ['websocket'], reconnection: false },
      extraHeaders: { origin: ground.url, cookie: `millrace=${here.held('millrace') ?? ''}` },
    });
    await new Promise<void>((resolve, reject) => void socket.on('connect', resolve).on('connect_error', reject));
    const gone = new Promise<string>((resolve) => void socket.on('disconnect', resolve));
    const late = once(AbortSignal.timeout(5_000), 'abort').then(() => 'It was still open.');
    const { session } = await me(here);
    await there.send(`${ground.url}/v1/me/sessions/${String(session)}`, { method: 'DELETE', headers: proof });
    expect(['io server disconnect', 'transport close']).toContain(await Promise.race([gone, late]));
    expect(await me(there)).toMatchObject({ name: 'Bob Weaver' });
  });
});

describe('a page of another origin', () => {
  const evil = 'https://evil.test';
  let browser: FormBrowser;

  beforeAll(async () => {
    browser = await signedIn();
  });

  it.each<[string, Record<string, string>, string]>([
    ['a form', { origin: evil, 'content-type': 'application/x-www-form-urlencoded' }, 'name=ridden'],
    ['a form of plain text that reads as JSON', { origin: evil, 'content-type': 'text/plain' }, '{"name":"ridden"}'],
    ['a script', { origin: evil, 'content-type': 'application/json' }, '{"name":"ridden"}'],
    ['a script that knows the header', { origin: evil, 'content-type': 'application/json', 'millrace-csrf': '1' }, '{"name":"ridden"}'],
    ['a sandboxed frame', { origin: 'null', 'content-type': 'application/json', 'millrace-csrf': '1' }, '{"name":"ridden"}'],
    ['a form that says nothing of itself', { 'content-type': 'application/json' }, '{"name":"ridden"}'],
  ])('cannot write by %s', async (_, headers, body) => {
    const answer = await browser.send(`${ground.url}/v1/workspaces`, { method: 'POST', headers, body });
    expect([answer.status, answer.headers.get('access-control-allow-origin'), await codeOf(answer)]).toEqual([403, null, 'auth.csrf']);
  });

  it('is not told that it may send the header, nor may it read with the session', async () => {
    const asks = { origin: evil, 'access-control-request-method': 'POST', 'access-control-request-headers': 'millrace-csrf' };
    const preflight = await fetch(`${ground.url}/v1/workspaces`, { method: 'OPTIONS', headers: asks });
    expect(preflight.headers.get('access-control-allow-headers')).toBeNull();
    const read = await browser.send(`${ground.url}/v1/me`, { headers: { origin: evil } });
    expect([read.headers.get('access-control-allow-origin'), read.headers.get('access-control-allow-credentials')]).toEqual([null, null]);
  });

  it('opens no socket with it', async () => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': btoa('0123456789abcdef'),
    };
    const asking = request(`${ground.url}/socket.io/?EIO=4&transport=websocket`, {
      headers: { ...upgrade, origin: evil, cookie: `millrace=${browser.held('millrace') ?? ''}` },
    });
    asking.end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(403);
    answer.destroy();
  });

  it('cannot frame the pages where people sign in', async () => {
    const page: Shown = await newBrowser(ground).open(signInUrl());
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

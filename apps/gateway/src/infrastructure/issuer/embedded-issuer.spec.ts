import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { FormBrowser } from '@millrace/testing';
import { House, PASSWORD, SCOPE, type Answer } from './testing/house';

let house: House;

beforeAll(async () => {
  house = await House.build();
});

afterAll(() => house.raze());

beforeEach(() => house.open());

afterEach(() => house.close());

describe('discovery', () => {
  it('shows the paths of Keycloak under the issuer, by whatever name of this machine it is asked', async () => {
    const { text } = await house.asHost('localhost:1', '/.well-known/openid-configuration');
    expect(JSON.parse(text)).toMatchObject({
      issuer: house.issuerUrl,
      authorization_endpoint: house.at('/protocol/openid-connect/auth'),
      token_endpoint: house.at('/protocol/openid-connect/token'),
      jwks_uri: house.at('/protocol/openid-connect/certs'),
      userinfo_endpoint: house.at('/protocol/openid-connect/userinfo'),
      end_session_endpoint: house.at('/protocol/openid-connect/logout'),
      device_authorization_endpoint: house.at('/protocol/openid-connect/auth/device'),
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
    });
  });

  it('shows public keys alone, the same as the verifier beside it gets', async () => {
    const shown = await house.json('/protocol/openid-connect/certs');
    expect(JSON.stringify(shown)).not.toContain('"d"');
    expect(shown).toEqual(await house.issuer.keys.keys());
  });

  it('is for this machine alone: a foreign name that leads here is not answered', async () => {
    expect(await house.asHost('rebound.example', '/.well-known/openid-configuration')).toMatchObject({ status: 421 });
  });

  it('is nothing beside the issuer', async () => {
    expect((await fetch(`${house.origin}/realms/other/protocol/openid-connect/certs`)).status).toBe(404);
    expect((await house.fetch('/no/such/place')).status).toBe(404);
  });

  it.each([
    '/DEVICE',
    '/device/',
    '/protocol/openid-connect/auth/Device',
    '/protocol/openid-connect/userInfo',
    '/protocol/openid-connect/token/?a=b',
  ])('is at its paths as they are written, and not at %s', async (path) => {
    for (const method of ['GET', 'POST']) expect((await house.fetch(path, { method })).status).toBe(404);
  });
});

describe('a password, on a development start', () => {
  it('gives tokens that the platform accepts, with the claims of the realm', async () => {
    const tokens = await house.byPassword('ada');
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: SCOPE });
    const { principal } = await house.verify(tokens);
    expect(principal).toMatchObject({
      kind: 'user',
      name: 'Ada Miller',
      email: 'ada@millrace.example',
      verified: true,
      roles: ['person', 'platform-admin'],
    });
    expect(principal.session).toBeDefined();
    expect(decodeJwt(String(tokens['access_token']))).toMatchObject({
      azp: 'millrace-cli',
      aud: 'millrace-api',
      typ: 'Bearer',
      locale: 'en',
      preferred_username: 'ada',
    });
  });

  it('is taken from every demo user, by name or e-mail in any case', async () => {
    expect((await house.verify(await house.byPassword(' BOB@Millrace.example '))).principal).toMatchObject({
      name: 'Bob Weaver',
      roles: ['person'],
    });
  });

  it.each([
    ['a wrong password', { username: 'ada', password: 'wrong' }],
    ['a name nobody has', { username: 'eve', password: PASSWORD }],
    ['no password', { username: 'ada' }],
    ['no name', { password: PASSWORD }],
    ['a password without end', { username: 'ada', password: PASSWORD + ' '.repeat(2_000) }],
  ])('is refused when it is %s, always with the same words', async (_, given) => {
    expect(await house.token({ grant_type: 'password', client_id: 'millrace-cli', ...given })).toEqual({
      error: 'invalid_grant',
      error_description: 'Wrong name or password, or too many attempts: wait a minute then.',
    });
  });

  it('locks the account after five failures, and opens it a minute later', async () => {
    const attempts = await Promise.all(Array.from({ length: 5 }, () => house.byPassword('bob', 'wrong')));
    expect(attempts.every(({ error }) => error === 'invalid_grant')).toBe(true);
    expect(await house.byPassword('bob')).toMatchObject({ error: 'invalid_grant' });
    expect(await house.byPassword('ada')).toHaveProperty('access_token');
    house.clock.ahead += 61_000;
    expect(await house.byPassword('bob')).toHaveProperty('access_token');
    house.clock.ahead -= 61_000;
  });

  it('is not taken from other clients', async () => {
    expect(await house.token({ grant_type: 'password', client_id: 'millrace-app', username: 'ada', password: PASSWORD })).toMatchObject({
      error: 'invalid_request',
    });
  });
});

describe('a refresh token', () => {
  it('gives new tokens of the same sign-in', async () => {
    const first = await house.byPassword('ada');
    const second = await house.refresh(first);
    expect((await house.verify(second)).principal).toEqual((await house.verify(first)).principal);
    expect(second['refresh_token']).not.toBe(first['refresh_token']);
  });

  it('counts once: when it comes again, everything of that sign-in ends', async () => {
    const first = await house.byPassword('ada');
    const second = await house.refresh(first);
    expect(await house.refresh(first)).toMatchObject({ error: 'invalid_grant' });
    expect(await house.refresh(second)).toMatchObject({ error: 'invalid_grant' });
  });

  it('counts once, when it comes twice at the same time', async () => {
    const first = await house.byPassword('ada');
    const answers = await Promise.all([house.refresh(first), house.refresh(first)]);
    expect(answers.filter((answer) => 'access_token' in answer)).toHaveLength(1);
  });

  it('is gone when it was revoked', async () => {
    const tokens = await house.byPassword('ada');
    await house.post('/protocol/openid-connect/revoke', { client_id: 'millrace-cli', token: String(tokens['refresh_token']) });
    expect(await house.refresh(tokens)).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a browser', () => {
  it('signs in by code and PKCE, with the page of ours, and comes back to the app', async () => {
    const browser = new FormBrowser();
    const { page, verifier } = await house.startSignIn(browser);
    expect(page.text).toContain('<h1>Sign in</h1>');
    expect(page.text).toContain('to go on to Millrace command line');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; form-action 'self' http:\/\/127\.0\.0\.1:53682; base-uri 'none'; frame-ancestors 'none'$/,
    );
    const back = await browser.submit(page, { name: 'ada', password: PASSWORD });
    const tokens = await house.redeem(back.url, verifier);
    expect((await house.verify(tokens)).principal).toMatchObject({ name: 'Ada Miller' });
    expect(decodeJwt(String(tokens['id_token']))).toMatchObject({
      aud: 'millrace-cli',
      email: 'ada@millrace.example',
      realm_access: { roles: ['person', 'platform-admin'] },
    });
    expect((await house.verify(await house.refresh(tokens))).principal).toMatchObject({ name: 'Ada Miller' });
  });

  it('is told plainly when the password is wrong, keeps its name, and is asked again', async () => {
    const browser = new FormBrowser();
    const { page, verifier } = await house.startSignIn(browser);
    const again = await browser.submit(page, { name: '"><b>ada', password: 'wrong' });
    expect(again.status).toBe(403);
    expect(again.text).toContain('role="alert"');
    expect(again.text).toContain('value="&#34;&#62;&#60;b&#62;ada"');
    const back = await browser.submit(page, { name: 'ada', password: PASSWORD });
    expect(await house.redeem(back.url, verifier)).toHaveProperty('access_token');
  });

  it('is not asked twice', async () => {
    const browser = await house.signedIn();
    const { page } = await house.startSignIn(browser);
    expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:53682\/callback\?code=/);
  });

  it('must bring what the code was asked with', async () => {
    const browser = new FormBrowser();
    const { page } = await house.startSignIn(browser);
    const back = await browser.submit(page, { name: 'ada', password: PASSWORD });
    expect(await house.redeem(back.url, 'x'.repeat(43))).toMatchObject({ error: 'invalid_grant' });
  });

  it('is not let in without PKCE, nor sent anywhere the realm does not name', async () => {
    const plain = await new FormBrowser().open(house.authorization({ code_challenge: undefined, code_challenge_method: undefined }));
    expect(plain.url).toContain('error=invalid_request');
    const astray = await new FormBrowser().open(house.authorization({ redirect_uri: 'https://evil.example/callback' }));
    expect(astray.status).toBe(400);
    expect(astray.text).toContain('This did not work');
  });

  it('cannot use a sign-in page that is not its own', async () => {
    const { page } = await house.startSignIn(new FormBrowser());
    const stranger = await new FormBrowser().submit(page, { name: 'ada', password: PASSWORD });
    expect(stranger.status).toBe(400);
    expect(stranger.text).toContain('This sign-in has ended');
  });

  it('signs in once by a link, without a password', async () => {
    const link = await house.issuer.signInLink();
    const browser = new FormBrowser();
    expect((await browser.open(String(link), 0)).headers.get('location')).toBe('/v1/auth/sign-in?return=/console/');
    const { page, verifier } = await house.startSignIn(browser);
    expect((await house.verify(await house.redeem(page.url, verifier))).principal).toMatchObject({ name: 'Ada Miller' });
    const second = new FormBrowser();
    await second.open(String(link), 0);
    expect((await house.startSignIn(second)).page.text).toContain('<h1>Sign in</h1>');
  });

  it('signs out after saying so, and its refresh tokens end', async () => {
    const browser = new FormBrowser();
    const { page, verifier } = await house.startSignIn(browser);
    const back = await browser.submit(page, { name: 'ada', password: PASSWORD });
    const tokens = await house.redeem(back.url, verifier);
    const question = await browser.open(house.at(`/protocol/openid-connect/logout?id_token_hint=${String(tokens['id_token'])}`));
    expect(question.text).toContain('<h1>Sign out?</h1>');
    const done = await browser.submit(question, { logout: 'yes' });
    expect(done.text).toContain('You are signed out');
    expect(await house.refresh(tokens)).toMatchObject({ error: 'invalid_grant' });
    expect((await house.startSignIn(browser)).page.text).toContain('<h1>Sign in</h1>');
  });
});

describe('userinfo', () => {
  it('answers an access token of the API', async () => {
    const tokens = await house.byPassword('ada');
    const headers = { authorization: `Bearer ${String(tokens['access_token'])}` };
    expect(await house.json('/protocol/openid-connect/userinfo', { headers })).toMatchObject({
      sub: decodeJwt(String(tokens['access_token'])).sub,
      preferred_username: 'ada',
      email: 'ada@millrace.example',
      locale: 'en',
    });
  });

  it.each([undefined, 'Bearer nonsense', 'Basic YTpi'])('refuses %s', async (authorization) => {
    const answer = await house.fetch('/protocol/openid-connect/userinfo', {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer realm="millrace"');
  });

  it('refuses the token of a client, which is nobody', async () => {
    const tokens = await house.byClient('millrace-service');
    const headers = { authorization: `Bearer ${String(tokens['access_token'])}` };
    expect((await house.fetch('/protocol/openid-connect/userinfo', { headers })).status).toBe(401);
  });
});

describe('a device', () => {
  const grant = 'urn:ietf:params:oauth:grant-type:device_code';
  const start = () => house.post('/protocol/openid-connect/auth/device', { client_id: 'millrace-cli', scope: SCOPE });
  const poll = (device: Answer) =>
    house.token({ grant_type: grant, client_id: 'millrace-cli', device_code: String(device['device_code']) });

  it('is connected by whoever types its code and signs in', async () => {
    const device = await start();
    expect(device).toMatchObject({ verification_uri: house.at('/device'), user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/) });
    expect(await poll(device)).toMatchObject({ error: 'authorization_pending' });
    const browser = new FormBrowser();
    const question = await browser.open(String(device['verification_uri']));
    const confirm = await browser.submit(question, { user_code: String(device['user_code']).toLowerCase() });
    expect(confirm.text).toContain(`<strong class="code">${String(device['user_code'])}</strong>`);
    expect(confirm.text).toContain('Millrace command line wants to act for you');
    const page = await browser.submit(confirm, { confirm: 'yes' });
    const done = await browser.submit(page, { name: 'bob', password: PASSWORD });
    expect(done.text).toContain('Your device is connected');
    const tokens = await poll(device);
    expect((await house.verify(tokens)).principal).toMatchObject({ name: 'Bob Weaver' });
    expect(await poll(device)).toMatchObject({ error: 'invalid_grant' });
    expect(await house.refresh(tokens)).toMatchObject({ error: 'invalid_grant' });
  });

  it('gets nothing when it is refused', async () => {
    const device = await start();
    const browser = await house.signedIn();
    const question = await browser.open(String(device['verification_uri']));
    const confirm = await browser.submit(question, { user_code: String(device['user_code']) });
    expect((await browser.submit(confirm, { abort: 'yes' })).text).toContain('You refused the device');
    expect(await poll(device)).toMatchObject({ error: 'access_denied' });
  });

  it.each([
    ['', 'Type the code'],
    ['BBBB-BBBB', 'There is no such code'],
  ])('whose code is "%s" is asked for again', async (code, problem) => {
    const browser = new FormBrowser();
    const again = await browser.submit(await browser.open(house.at('/device')), { user_code: code });
    expect(again.status).toBe(400);
    expect(again.text).toContain(problem);
  });
});

describe('a client with its own credentials', () => {
  it('gets tokens that the platform accepts, as a user without a role', async () => {
    const tokens = await house.byClient('millrace-service');
    expect((await house.verify(tokens)).principal).toEqual({
      kind: 'user',
      id: 'millrace-service',
      name: 'service-account-millrace-service',
      roles: [],
    });
    expect(tokens).not.toHaveProperty('refresh_token');
  });

  it('must have an audience in the realm', async () => {
    expect(await house.byClient('millrace-gateway')).toMatchObject({ error: 'invalid_target' });
  });

  it('must prove itself', async () => {
    expect(await house.byClient('millrace-service', 'guessed')).toMatchObject({ error: 'invalid_client' });
    expect(() => house.issuer.clientSecret('millrace-cli')).toThrow('The realm has no confidential client');
  });
});

describe('a restart', () => {
  it('keeps keys, people, secrets and sign-ins', async () => {
    const [tokens, browser, secret] = [
      await house.byPassword('ada'),
      await house.signedIn(),
      house.issuer.clientSecret('millrace-console'),
    ];
    await house.close();
    await house.open();
    expect(house.issuer.firstSignIn).toBeUndefined();
    expect(house.issuer.clientSecret('millrace-console')).toBe(secret);
    await house.verify(tokens);
    expect(await house.refresh(tokens)).toHaveProperty('access_token');
    expect((await house.startSignIn(browser)).page.url).toContain('code=');
  });

  it('finds no token, code or password in its stores as it was given out', async () => {
    const tokens = await house.byPassword('ada');
    await house.close();
    const stored = await house.stored();
    await house.open();
    for (const secret of [PASSWORD, tokens['refresh_token'], tokens['access_token']]) expect(stored.includes(String(secret))).toBe(false);
  });
});

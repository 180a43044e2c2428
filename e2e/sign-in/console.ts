import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FormBrowser } from '@millrace/testing';
import * as openid from 'openid-client';
import { foreignClient, newBrowser, signInAt, type Ground } from './ground';

const REDIRECT = 'http://localhost:5173/callback';
/** Milliseconds within which every door refuses whoever was signed out elsewhere. */
const SOON = 2_000;

/** What a browser does with the gateway that keeps its tokens; the same for every provider. */
export function aConsoleSignsIn(name: string, open: () => Promise<Ground>): void {
  describe(`a browser that the gateway signs in, at ${name}`, () => {
    let ground: Ground;

    beforeAll(async () => {
      ground = await open();
    });

    afterAll(async () => {
      await ground[Symbol.asyncDispose]();
    });

    const signedIn = async (username: string, more = ''): Promise<FormBrowser> => {
      const browser = newBrowser(ground);
      const page = await browser.open(`${ground.url}/v1/auth/sign-in?return=/healthz${more}`);
      expect((await signInAt(browser, page, ground, username)).url).toBe(`${ground.url}/healthz`);
      return browser;
    };

    const me = async (browser: FormBrowser): Promise<Readonly<Record<string, unknown>>> => {
      const answer = await browser.send(`${ground.url}/v1/me`);
      return { status: answer.status, ...((await answer.json()) as object) };
    };

    const write = (browser: FormBrowser, path: string): Promise<Response> =>
      browser.send(`${ground.url}${path}`, { method: 'POST', headers: { origin: ground.url, 'millrace-csrf': '1' } });

    /** Asks until the browser is refused; fails when it still is not in the end. */
    const untilRefused = async (browser: FormBrowser): Promise<void> => {
      const deadline = Date.now() + SOON;
      while (Date.now() < deadline) if ((await me(browser))['status'] === 401) return;
      throw new Error(`The browser was still let in after ${SOON} ms.`);
    };

    it('is known by its cookie, and holds no token', async () => {
      const browser = await signedIn('ada');
      expect(await me(browser)).toMatchObject({ status: 200, kind: 'user', name: 'Ada Miller', roles: expect.arrayContaining(['person']) });
    });

    it('goes on with the session of the visitor it was, whose token ends with that session', async () => {
      const visit = async (token = ''): Promise<Readonly<Record<string, unknown>>> => {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${ground.url}/v1/auth/anonymous`, { method: 'POST', headers, body: JSON.stringify({ token }) });
        return (await answer.json()) as Readonly<Record<string, unknown>>;
      };
      const { token, session } = await visit();
      const browser = await signedIn('ada', `&link=${String(token)}`);
      expect(session).toMatch(/^ses_/);
      expect(await me(browser)).toMatchObject({ status: 200, kind: 'user', name: 'Ada Miller', session });
      expect((await write(browser, '/v1/auth/sign-out')).status).toBe(204);
      expect(await visit(String(token))).toMatchObject({ status: 401, code: 'auth.token_revoked' });
    });

    it('signs out, here and at the provider, which asks for the password again', async () => {
      const browser = await signedIn('ada');
      expect((await write(browser, '/v1/auth/sign-out')).status).toBe(204);
      expect(await me(browser)).toMatchObject({ status: 401 });
      const page = await browser.open(`${ground.url}/v1/auth/sign-in?return=/healthz`);
      expect([page.url.startsWith(ground.issuerUrl), page.text.includes('type="password"')]).toEqual([true, true]);
    });

    it('is signed out when it signs out at the provider, which tells the gateway', async () => {
      const browser = await signedIn('bob');
      const other = await signedIn('bob');
      const page = await browser.open(`${ground.issuerUrl}/protocol/openid-connect/logout?client_id=millrace-console`);
      await browser.submit(page, ground.letGo);
      await untilRefused(browser);
      expect(await me(other)).toMatchObject({ status: 200 });
    });

    it('signs out everywhere, with every app that holds tokens of the person', async () => {
      const [browser, other] = [await signedIn('ada'), await signedIn('ada')];
      const app = await foreignClient(ground, 'millrace-app');
      const [verifier, state] = [openid.randomPKCECodeVerifier(), openid.randomState()];
      const challenge = { code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
      const url = openid.buildAuthorizationUrl(app, { redirect_uri: REDIRECT, scope: 'openid', state, ...challenge }).href;
      const back = new URL((await other.open(url)).url);
      const tokens = await openid.authorizationCodeGrant(app, back, { pkceCodeVerifier: verifier, expectedState: state });
      expect((await write(browser, '/v1/auth:sign-out-everywhere')).status).toBe(204);
      await untilRefused(browser);
      await untilRefused(other);
      const answer = await fetch(`${ground.url}/v1/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      expect(answer.status).toBe(401);
      await expect(openid.refreshTokenGrant(app, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    });
  });
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FormBrowser } from '@millrace/testing';
import * as openid from 'openid-client';
import { foreignClient, newBrowser, signInAt, type Ground } from './ground';

const REDIRECT = 'http://localhost:5173/callback';
const SIGNED_OUT = 'http://localhost:5173/';

type Tokens = openid.TokenEndpointResponse;

/** What any OpenID client can do with the provider; the same for every provider. */
export function aForeignClientSignsIn(name: string, open: () => Promise<Ground>): void {
  describe(`a client that somebody else wrote, at ${name}`, () => {
    let ground: Ground;
    let app: openid.Configuration;

    beforeAll(async () => {
      ground = await open();
      app = await foreignClient(ground, 'millrace-app');
    });

    afterAll(async () => {
      await ground[Symbol.asyncDispose]();
    });

    const start = async (more: Readonly<Record<string, string>> = {}) => {
      const [verifier, state, nonce] = [openid.randomPKCECodeVerifier(), openid.randomState(), openid.randomNonce()];
      const challenge = { code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
      const asked = { redirect_uri: REDIRECT, scope: 'openid profile email', state, nonce, ...challenge, ...more };
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
      return { url: openid.buildAuthorizationUrl(app, asked).href, checks };
    };

    const byCode = async (browser: FormBrowser, username: string): Promise<Tokens & openid.TokenEndpointResponseHelpers> => {
      const { url, checks } = await start();
      const back = await signInAt(browser, await browser.open(url), ground, username);
      return openid.authorizationCodeGrant(app, new URL(back.url), checks);
    };

    const me = async ({ access_token: token }: Tokens): Promise<object> => {
      const answer = await fetch(`${ground.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
      return { status: answer.status, ...((await answer.json()) as object) };
    };

    const renewed = (refresh: string | undefined) => openid.refreshTokenGrant(app, refresh ?? '');
    const isRefused = { error: 'invalid_grant' };

    it('signs a person in by code and PKCE, and Millrace knows who it is', async () => {
      const tokens = await byCode(newBrowser(ground), 'ada');
      expect(tokens.claims()).toMatchObject({ aud: 'millrace-app', name: 'Ada Miller' });
      expect(await me(tokens)).toMatchObject({
        ...{ status: 200, kind: 'user', id: tokens.claims()?.sub, name: 'Ada Miller' },
        roles: expect.arrayContaining(['person', 'platform-admin']),
      });
    });

    it('gets nothing without PKCE, with the wrong verifier, or for a code that was used', async () => {
      const browser = newBrowser(ground);
      const bare = await browser.open(openid.buildAuthorizationUrl(app, { redirect_uri: REDIRECT, scope: 'openid', state: 's' }).href);
      expect(new URL(bare.url).searchParams.get('error')).toBe('invalid_request');
      const { url, checks } = await start();
      const back = new URL((await signInAt(browser, await browser.open(url), ground, 'ada')).url);
      const wrong = { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
      await expect(openid.authorizationCodeGrant(app, back, wrong)).rejects.toMatchObject(isRefused);
      const again = await start();
      const second = new URL((await browser.open(again.url)).url);
      await openid.authorizationCodeGrant(app, second, again.checks);
      await expect(openid.authorizationCodeGrant(app, second, again.checks)).rejects.toMatchObject(isRefused);
    });

    it('renews its tokens, each refresh token once: who uses one again ends what came of it', async () => {
      const first = await byCode(newBrowser(ground), 'ada');
      const second = await renewed(first.refresh_token);
      expect(second.refresh_token).not.toBe(first.refresh_token);
      expect(await me(second)).toMatchObject({ status: 200 });
      await expect(renewed(first.refresh_token)).rejects.toMatchObject(isRefused);
      await expect(renewed(second.refresh_token)).rejects.toMatchObject(isRefused);
    });

    it('signs the person out, after which nothing is renewed and the password is asked for again', async () => {
      const browser = newBrowser(ground);
      const tokens = await byCode(browser, 'ada');
      const leaving = { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: SIGNED_OUT, state: 'bye' };
      const page = await browser.open(openid.buildEndSessionUrl(app, leaving).href);
      const back = page.url.startsWith(SIGNED_OUT) ? page : await browser.submit(page, { logout: 'yes' });
      expect(back.url).toBe(`${SIGNED_OUT}?state=bye`);
      await expect(renewed(tokens.refresh_token)).rejects.toMatchObject(isRefused);
      expect((await browser.open((await start()).url)).text).toContain('type="password"');
    });

    it('lets a device in by the code it shows, which the person confirms in a browser', async () => {
      const cli = await foreignClient(ground, 'millrace-cli');
      const verifier = openid.randomPKCECodeVerifier();
      const challenge = { code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
      const device = await openid.initiateDeviceAuthorization(cli, { scope: 'openid', ...challenge });
      const waiting = openid.pollDeviceAuthorizationGrant(cli, device, { code_verifier: verifier });
      const browser = newBrowser(ground);
      await letIn(browser, device.verification_uri_complete ?? device.verification_uri, ground);
      const tokens = await waiting;
      expect(await me(tokens)).toMatchObject({ status: 200, name: 'Bob Weaver' });
      expect(await me(await openid.refreshTokenGrant(cli, tokens.refresh_token ?? ''))).toMatchObject({ status: 200, name: 'Bob Weaver' });
    });
  });
}

/** Goes through the pages for a device: the code, who one is, and yes; each provider has them in an order of its own. */
async function letIn(browser: FormBrowser, url: string, ground: Ground): Promise<void> {
  let page = await browser.open(url);
  for (let pages = 0; pages < 4 && page.text.includes('<form'); pages += 1) {
    const asksWho = page.text.includes('type="password"');
    page = asksWho ? await signInAt(browser, page, ground, 'bob') : await browser.submit(page, ground.letDeviceIn);
  }
}

import { beforeAll, describe, expect, it } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JSONWebKeySet } from 'jose';
import { KeySource } from './key-source';
import { LogoutTokenVerifier } from './logout-token';

const ISSUER = 'https://login.test/realms/millrace';
const CLIENT = 'millrace-console';
const NOW = Date.UTC(2026, 10, 21, 12);
const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };

class StillClock extends Clock {
  override now(): number {
    return NOW;
  }
}

class Keys extends KeySource {
  away = false;

  constructor(private readonly set: JSONWebKeySet) {
    super();
  }

  override async keys(): Promise<JSONWebKeySet> {
    if (this.away) throw new Error('away');
    return this.set;
  }
}

let privateKey: CryptoKey;
let strange: CryptoKey;
let keys: Keys;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  privateKey = pair.privateKey;
  strange = (await generateKeyPair('RS256')).privateKey;
  keys = new Keys({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'a', alg: 'RS256', use: 'sig' }] });
});

const verifier = (): LogoutTokenVerifier => new LogoutTokenVerifier({ issuer: ISSUER, audience: CLIENT, keys, clock: new StillClock() });
type Claims = Readonly<Record<string, unknown>>;

const good: Claims = { iss: ISSUER, aud: CLIENT, iat: NOW / 1000, jti: 'notice-1', sub: 'ada', sid: 'browser-1', events: EVENTS };

function token(claims: Claims, header: object = {}, key = privateKey): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'a', typ: 'logout+jwt', ...header }).sign(key);
}

describe('a logout token', () => {
  it('says whose sign-in has ended', async () => {
    expect(await verifier().verify(await token(good))).toEqual({ id: 'notice-1', subject: 'ada', session: 'browser-1' });
    expect(await verifier().verify(await token({ ...good, sid: undefined }))).toEqual({ id: 'notice-1', subject: 'ada' });
    expect(await verifier().verify(await token({ ...good, sub: undefined }))).toEqual({ id: 'notice-1', session: 'browser-1' });
  });

  it('may be for several, and be called a plain JWT, as Keycloak does', async () => {
    const claims = { ...good, aud: ['other', CLIENT], exp: NOW / 1000 + 120 };
    expect(await verifier().verify(await token(claims, { typ: 'JWT' }))).toMatchObject({ subject: 'ada' });
  });

  it.each<[string, Claims]>([
    ['another issuer', { iss: 'https://elsewhere.test' }],
    ['another client', { aud: 'millrace-cli' }],
    ['no event', { events: undefined }],
    ['another event', { events: { 'http://schemas.openid.net/event/other': {} } }],
    ['an event that is no object', { events: { 'http://schemas.openid.net/event/backchannel-logout': true } }],
    ['a nonce, as an ID token has', { nonce: 'x' }],
    ['no name of its own', { jti: undefined }],
    ['nobody', { sub: undefined, sid: undefined }],
    ['an hour ago', { iat: NOW / 1000 - 3_600 }],
    ['in an hour', { iat: NOW / 1000 + 3_600 }],
    ['no time', { iat: undefined }],
    ['a time that is over', { exp: NOW / 1000 - 60 }],
  ])('does not count with %s', async (_, claims) => {
    await expect(verifier().verify(await token({ ...good, ...claims }))).rejects.toMatchObject({
      code: 'auth.logout_token_invalid',
      refusal: 'invalid',
    });
  });

  it('does not count when somebody else signed it, or nobody', async () => {
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(good))}.`.replaceAll('=', '');
    const forged = [await token(good, {}, strange), await token(good, { kid: 'b' }), unsigned, 'x', ''];
    for (const each of forged) await expect(verifier().verify(each)).rejects.toMatchObject({ code: 'auth.logout_token_invalid' });
  });

  it('cannot be told good from bad before the issuer was ever reached', async () => {
    keys.away = true;
    await expect(verifier().verify(await token(good))).rejects.toMatchObject({ code: 'auth.keys_unavailable' });
    keys.away = false;
  });
});

import { Clock } from '@millrace/kernel';
import { KeycloakRealm, type TokenAnswer } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { HttpKeySource } from './key-source';
import { TokenVerifier, type TokenVerifierOptions } from './token-verifier';

const PASSWORD = 'a mill by the lake';
const HALF_A_MINUTE = 30_000;

class MovedClock extends Clock {
  ahead = 0;

  override now(): number {
    return Date.now() + this.ahead;
  }
}

let realm: KeycloakRealm;
let clock: MovedClock;
let secret: string;

beforeAll(async () => {
  realm = await KeycloakRealm.create();
  clock = new MovedClock();
  await realm.setPassword('ada', PASSWORD);
  await realm.changeClient('millrace-cli', { directAccessGrantsEnabled: true });
  secret = await realm.secretOf('millrace-service');
});

afterAll(() => realm[Symbol.asyncDispose]());

const signedIn = (): Promise<TokenAnswer> =>
  realm.token({ grant_type: 'password', client_id: 'millrace-cli', username: 'ada', password: PASSWORD, scope: 'openid' });

const adas = async (): Promise<string> => accessIn(await signedIn());
const machines = async (): Promise<string> =>
  accessIn(await realm.token({ grant_type: 'client_credentials', client_id: 'millrace-service', client_secret: secret }));

function accessIn(answer: TokenAnswer): string {
  if (answer.access_token === undefined) throw new Error(`No token: ${JSON.stringify(answer)}`);
  return answer.access_token;
}

function verifier(changed: Partial<TokenVerifierOptions> = {}): TokenVerifier {
  return new TokenVerifier({
    issuer: realm.issuerUrl,
    audience: 'millrace-api',
    clients: ['millrace-cli', 'millrace-service'],
    keys: new HttpKeySource(`${realm.issuerUrl}/protocol/openid-connect/certs`),
    clock,
    ...changed,
  });
}

describe('a token of Keycloak', () => {
  it('speaks for a person, with what the embedded issuer says of the same person', async () => {
    const access = await adas();
    const { principal, issuedAt, expiresAt } = await verifier().verify(access);
    expect(principal).toEqual({
      kind: 'user',
      id: decodeJwt(access).sub,
      name: 'Ada Miller',
      email: 'ada@millrace.example',
      verified: true,
      roles: expect.arrayContaining(['person', 'platform-admin']),
      session: expect.any(String),
    });
    expect(principal.roles).toHaveLength(2);
    expect(expiresAt - issuedAt).toBe(300_000);
    expect(decodeJwt(access)).toMatchObject({
      azp: 'millrace-cli',
      aud: 'millrace-api',
      typ: 'Bearer',
      locale: 'en',
      preferred_username: 'ada',
    });
  });

  it('speaks for a machine that came with its own credentials, without any role', async () => {
    const { principal } = await verifier().verify(await machines());
    expect(principal).toMatchObject({ kind: 'user', roles: [] });
  });

  it.each<[string, Partial<TokenVerifierOptions>, string]>([
    ['of another realm', { issuer: 'http://127.0.0.1:1/realms/millrace' }, 'auth.token_issuer'],
    ['for another API', { audience: 'another-api' }, 'auth.token_audience'],
    ['for a client nobody named', { clients: ['millrace-app'] }, 'auth.token_client'],
  ])('is refused when it is %s', async (_, changed, code) => {
    await expect(verifier(changed).verify(await adas())).rejects.toMatchObject({ code });
  });

  it('is refused when it is the ID token or the refresh token', async () => {
    const answer = await signedIn();
    await expect(verifier().verify(answer.id_token)).rejects.toMatchObject({ code: 'auth.token_type' });
    await expect(verifier().verify(answer.refresh_token)).rejects.toMatchObject({ code: expect.stringMatching(/^auth\.token_/) });
  });

  it('is refused when somebody changed it on the way', async () => {
    const [header = '', payload = '', signature = ''] = (await adas()).split('.');
    const claims = JSON.stringify({ ...decodeJwt(`${header}.${payload}.${signature}`), realm_access: { roles: ['platform-operator'] } });
    const forged = [header, Buffer.from(claims).toString('base64url'), signature].join('.');
    await expect(verifier().verify(forged)).rejects.toMatchObject({ code: 'auth.token_signature' });
  });

  it('is refused when it has expired', async () => {
    const moved = new MovedClock();
    const subject = verifier({ clock: moved });
    const access = await adas();
    await subject.verify(access);
    moved.ahead = 300_000 + HALF_A_MINUTE;
    await expect(subject.verify(access)).rejects.toMatchObject({ code: 'auth.token_expired' });
  });
});

describe('when Keycloak changes its keys', () => {
  it('takes tokens of the new key at once, those of the old one while it is shown, and none of it afterwards', async () => {
    const moved = new MovedClock();
    const subject = verifier({ clock: moved });
    const before = await adas();
    await subject.verify(before);
    await realm.rotateKeys();
    const after = await adas();
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    await expect(subject.verify(after)).resolves.toMatchObject({ principal: { name: 'Ada Miller' } });
    await expect(subject.verify(before)).resolves.toMatchObject({ principal: { name: 'Ada Miller' } });

    await realm.withdrawFirstKey();
    await realm.rotateKeys();
    moved.ahead = HALF_A_MINUTE;
    await subject.verify(await adas());
    await expect(subject.verify(before)).rejects.toMatchObject({ code: 'auth.token_signature' });
  });
});

import { generateKeyPairSync, sign as nodeSign, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { base64url, SignJWT, type JSONWebKeySet } from 'jose';
import { KeySource } from './key-source';
import { TokenVerifier } from './token-verifier';

const NOW = Date.UTC(2026, 10, 21, 12) / 1000;
const ISSUER = 'https://id.example/realms/millrace';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pss = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const encryption = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

const SET: JSONWebKeySet = {
  keys: [
    jwk(rsa.publicKey, { kid: 'rsa', alg: 'RS256', use: 'sig' }),
    jwk(pss.publicKey, { kid: 'pss' }),
    jwk(ec.publicKey, { kid: 'ec', alg: 'ES256' }),
    jwk(ed.publicKey, { kid: 'ed', alg: 'EdDSA', use: 'sig' }),
    jwk(weak.publicKey, { kid: 'weak', alg: 'RS256' }),
    jwk(encryption.publicKey, { kid: 'enc', alg: 'RS256', use: 'enc' }),
    jwk(rsa.publicKey, { alg: 'RS256' }),
    jwk(rsa.publicKey, { kid: 'other-algorithm', alg: 'RS512' }),
    { kty: 'oct', k: 'c2VjcmV0', kid: 'oct' },
    { kty: 'RSA', n: 'rubbish', e: 'AQAB', kid: 'rubbish' },
  ],
};

const CLAIMS = {
  iss: ISSUER,
  aud: ['account', 'millrace-api'],
  azp: 'millrace-console',
  typ: 'Bearer',
  sub: '7d0e9d5c-ada',
  iat: NOW - 10,
  exp: NOW + 290,
  sid: 'session-1',
  name: 'Ada Lovelace',
  preferred_username: 'ada',
  email: 'ada@millrace.example',
  email_verified: true,
  realm_access: { roles: ['person', 'platform-admin', 'offline_access'] },
};

interface Made {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly key?: KeyObject;
}

/** A good token but for what is said otherwise; a claim or parameter that is `undefined` is left out. */
function token({ header = {}, claims = {}, key = rsa.privateKey }: Made = {}): Promise<string> {
  return new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'rsa', typ: 'JWT', ...header }).sign(key);
}

/** Signs any bytes at all, which a library would not. */
function raw(header: string, payload: string | Uint8Array, key = rsa.privateKey): string {
  const input = `${base64url.encode(header)}.${base64url.encode(payload)}`;
  return `${input}.${base64url.encode(nodeSign('sha256', Buffer.from(input), key))}`;
}

function hmacWithPublicKey(alg: string): Promise<string> {
  const secret = new TextEncoder().encode(rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string);
  return new SignJWT(CLAIMS).setProtectedHeader({ alg, kid: 'rsa', typ: 'JWT' }).sign(secret);
}

async function changed(at: number, change: (part: string) => string): Promise<string> {
  return (await token())
    .split('.')
    .map((part, index) => (index === at ? change(part) : part))
    .join('.');
}

const HEADER = JSON.stringify({ alg: 'RS256', kid: 'rsa', typ: 'JWT' });
const NONE = `${base64url.encode('{"alg":"none","kid":"rsa"}')}.${base64url.encode(JSON.stringify(CLAIMS))}.`;

const ACCEPTED: readonly (readonly [string, () => Promise<string> | string])[] = [
  ['as Keycloak makes it', () => token()],
  ['signed with PS256', () => token({ header: { alg: 'PS256', kid: 'pss' }, key: pss.privateKey })],
  ['signed with ES256', () => token({ header: { alg: 'ES256', kid: 'ec' }, key: ec.privateKey })],
  ['signed with EdDSA', () => token({ header: { alg: 'EdDSA', kid: 'ed' }, key: ed.privateKey })],
  ['as RFC 9068 has it', () => token({ header: { typ: 'at+jwt' }, claims: { typ: undefined } })],
  ['with the long form of that type', () => token({ header: { typ: 'application/AT+JWT' }, claims: { typ: undefined } })],
  ['without a type in the header', () => token({ header: { typ: undefined } })],
  ['with one audience', () => token({ claims: { aud: 'millrace-api' } })],
  ['of another client of ours', () => token({ claims: { azp: 'millrace-cli' } })],
  ['that ended within the leeway', () => token({ claims: { exp: NOW - 29 } })],
  ['that begins within the leeway', () => token({ claims: { iat: NOW + 29, nbf: NOW + 29 } })],
  ['that is a day old', () => token({ claims: { iat: NOW - 86_400, exp: NOW + 60 } })],
  ['whose last audience of two is ours', () => raw(HEADER, JSON.stringify(CLAIMS).replace('{', '{"aud":"elsewhere",'))],
];

const REFUSED: readonly (readonly [string, string, () => Promise<string> | string])[] = [
  ['empty', 'missing', () => ''],
  ['that is a word', 'malformed', () => 'token'],
  ['of two parts', 'malformed', async () => (await token()).split('.').slice(0, 2).join('.')],
  ['of four parts', 'malformed', async () => `${await token()}.more`],
  ['with padding', 'malformed', () => changed(0, (part) => `${part}=`)],
  ['with white space', 'malformed', async () => ` ${await token()}`],
  ['of more than 8 KiB', 'malformed', () => token({ claims: { ballast: 'x'.repeat(8_192) } })],
  ['whose header is no JSON', 'malformed', () => changed(0, () => base64url.encode('header'))],
  ['whose header is a list', 'malformed', () => changed(0, () => base64url.encode('[]'))],
  ['whose claims are no JSON', 'malformed', () => raw(HEADER, 'claims')],
  ['whose claims are null', 'malformed', () => raw(HEADER, 'null')],
  ['whose claims are no UTF-8', 'malformed', () => raw(HEADER, Uint8Array.of(0x22, 0xff, 0x22))],
  ['that is unsecured', 'algorithm', () => NONE],
  ['that is unsecured in capitals', 'algorithm', () => changed(0, () => base64url.encode('{"alg":"NONE","kid":"rsa"}'))],
  ['whose second algorithm is none', 'algorithm', () => raw(HEADER.replace('}', ',"alg":"none"}'), JSON.stringify(CLAIMS))],
  ['signed by HMAC with the public key', 'algorithm', () => hmacWithPublicKey('HS256')],
  ['signed by a longer HMAC with the public key', 'algorithm', () => hmacWithPublicKey('HS512')],
  ['signed with an algorithm not on the list', 'algorithm', () => token({ header: { alg: 'RS512' } })],
  ['without an algorithm', 'algorithm', () => raw('{"kid":"rsa"}', JSON.stringify(CLAIMS))],
  ['that says where its key is', 'header', () => token({ header: { jku: 'https://evil.example/keys' } })],
  ['that says where its certificate is', 'header', () => token({ header: { x5u: 'https://evil.example/certificate' } })],
  ['that brings its key', 'header', () => token({ header: { jwk: jwk(stranger.publicKey, {}) }, key: stranger.privateKey })],
  ['that brings its certificate', 'header', () => token({ header: { x5c: ['MIIB'] } })],
  ['that wants an extension', 'header', () => raw(HEADER.replace('}', ',"crit":["exp"],"exp":1}'), JSON.stringify(CLAIMS))],
  ['that is encrypted', 'header', () => changed(0, () => base64url.encode('{"alg":"RSA-OAEP","enc":"A256GCM","kid":"rsa"}'))],
  ['that names no key', 'signature', () => token({ header: { kid: undefined } })],
  ['whose key is no text', 'signature', () => token({ header: { kid: 7 } })],
  ['whose key has a name too long', 'signature', () => token({ header: { kid: 'k'.repeat(256) } })],
  ['of an unknown key', 'signature', () => token({ header: { kid: '../../etc/passwd' } })],
  ['of a shared secret in the set', 'signature', () => token({ header: { kid: 'oct' } })],
  ['of an encryption key', 'signature', () => token({ header: { kid: 'enc' }, key: encryption.privateKey })],
  ['of a key for another algorithm', 'signature', () => token({ header: { kid: 'other-algorithm' } })],
  ['of a key of another kind', 'signature', () => token({ header: { alg: 'ES256', kid: 'pss' }, key: ec.privateKey })],
  ['of a key too short', 'signature', () => raw(HEADER.replace('"rsa"', '"weak"'), JSON.stringify(CLAIMS), weak.privateKey)],
  ['of a key that is rubbish', 'signature', () => token({ header: { kid: 'rubbish' } })],
  ['signed with PS256 under a key for RS256', 'signature', () => token({ header: { alg: 'PS256' } })],
  ['of another realm', 'signature', () => token({ key: stranger.privateKey })],
  ['with changed claims', 'signature', () => changed(1, () => base64url.encode(JSON.stringify({ ...CLAIMS, sub: 'eve' })))],
  ['without a signature', 'signature', () => changed(2, () => '')],
  ['with half a signature', 'signature', () => changed(2, (part) => part.slice(0, part.length / 2))],
  ['that is an ID token', 'type', () => token({ claims: { typ: 'ID' } })],
  ['that is a refresh token', 'type', () => token({ claims: { typ: 'Refresh' } })],
  ['that is bound by DPoP', 'type', () => token({ claims: { typ: 'DPoP' } })],
  ['that is bound to a certificate', 'type', () => token({ claims: { cnf: { 'x5t#S256': 'abc' } } })],
  ['that says nowhere that it is an access token', 'type', () => token({ claims: { typ: undefined } })],
  ['that is a logout token', 'type', () => token({ header: { typ: 'logout+jwt' } })],
  ['whose type is no text', 'type', () => token({ header: { typ: 1 } })],
  ['of another issuer', 'issuer', () => token({ claims: { iss: 'https://evil.example/realms/millrace' } })],
  ['of an issuer with one slash more', 'issuer', () => token({ claims: { iss: `${ISSUER}/` } })],
  ['of an issuer in a list', 'issuer', () => token({ claims: { iss: [ISSUER] } })],
  ['without an issuer', 'issuer', () => token({ claims: { iss: undefined } })],
  ['for another audience', 'audience', () => token({ claims: { aud: ['account'] } })],
  ['for an audience that begins alike', 'audience', () => token({ claims: { aud: 'millrace-api-2' } })],
  ['without an audience', 'audience', () => token({ claims: { aud: undefined } })],
  ['whose last audience of two is not ours', 'audience', () => raw(HEADER, JSON.stringify(CLAIMS).replace(/}$/, ',"aud":"elsewhere"}'))],
  ['of an unknown client', 'client', () => token({ claims: { azp: 'somebody-else' } })],
  ['of no client', 'client', () => token({ claims: { azp: undefined } })],
  ['without a subject', 'subject', () => token({ claims: { sub: undefined } })],
  ['with an empty subject', 'subject', () => token({ claims: { sub: '' } })],
  ['with an endless subject', 'subject', () => token({ claims: { sub: 's'.repeat(256) } })],
  ['that has expired', 'expired', () => token({ claims: { exp: NOW - 30 } })],
  ['that lives longer than a day', 'expired', () => token({ claims: { iat: NOW - 86_431, exp: NOW + 60 } })],
  ['that never expires', 'malformed', () => token({ claims: { exp: undefined } })],
  ['that expires in words', 'malformed', () => raw(HEADER, JSON.stringify({ ...CLAIMS, exp: 'tomorrow' }))],
  ['without a time of issue', 'malformed', () => token({ claims: { iat: undefined } })],
  ['from the future', 'early', () => token({ claims: { iat: NOW + 31 } })],
  ['not to be used yet', 'early', () => token({ claims: { nbf: NOW + 31 } })],
  ['to be used from a time in words', 'malformed', () => raw(HEADER, JSON.stringify({ ...CLAIMS, nbf: 'soon' }))],
];

describe('an access token', () => {
  it.each(ACCEPTED)('%s is accepted', async (_, make) => {
    expect((await verifier().verify(await make())).principal).toMatchObject({ kind: 'user', id: CLAIMS.sub });
  });

  it.each(REFUSED)('%s is refused: %s', async (_, fault, make) => {
    const given = await make();
    await expect(verifier().verify(given)).rejects.toMatchObject({ code: `auth.token_${fault}`, refusal: 'unauthenticated' });
  });
});

function verifier(): TokenVerifier {
  return new TokenVerifier({
    issuer: ISSUER,
    audience: 'millrace-api',
    clients: ['millrace-console', 'millrace-cli'],
    keys: new FixedKeys(),
    clock: new FixedClock(),
  });
}

function jwk(key: KeyObject, rest: Record<string, string>): JSONWebKeySet['keys'][number] {
  return { ...key.export({ format: 'jwk' }), ...rest };
}

class FixedKeys extends KeySource {
  override keys(): Promise<JSONWebKeySet> {
    return Promise.resolve(SET);
  }
}

class FixedClock extends Clock {
  override now(): number {
    return NOW * 1000;
  }
}

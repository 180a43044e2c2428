import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { base64url } from 'jose';
import { OwnIssuer } from './own-issuer';

const folder = temporaryFolder();
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rotated = generateKeyPairSync('rsa', { modulusLength: 2048 });
const seconds = (): number => Math.floor(Date.now() / 1000);

let issuer: OwnIssuer;
let millrace: StandaloneProcess;

beforeAll(async () => {
  issuer = await OwnIssuer.start();
  millrace = await startStandaloneProcess({ folder: folder.path, password: 'a-password-for-tests', environment: issuer.environment });
});

afterAll(async () => {
  await millrace.stop();
  await issuer.stop();
  folder[Symbol.dispose]();
});

const ask = (authorization: string | undefined, path = '/v1/workspaces'): Promise<Response> =>
  fetch(`${millrace.url}${path}`, { headers: authorization === undefined ? {} : { authorization } });

/** Any bytes as header and claims, under a good signature. */
function raw(header: string, claims: string): string {
  const input = `${base64url.encode(header)}.${base64url.encode(claims)}`;
  return `${input}.${base64url.encode(sign('sha256', Buffer.from(input), issuer.pair.privateKey))}`;
}

const HEADER = '{"alg":"RS256","kid":"main","typ":"JWT"}';
const claims = (): string => JSON.stringify(issuer.claims());
const hmac = (alg: string): Promise<string> =>
  issuer.token({ header: { alg }, key: new TextEncoder().encode(issuer.pair.publicKey.export({ type: 'spki', format: 'pem' }) as string) });

async function changed(at: number, change: (part: string) => string): Promise<string> {
  return (await issuer.token())
    .split('.')
    .map((part, index) => (index === at ? change(part) : part))
    .join('.');
}

const REFUSED: readonly (readonly [string, string, () => Promise<string> | string])[] = [
  ['unsecured', 'algorithm', () => `${base64url.encode('{"alg":"none","kid":"main"}')}.${base64url.encode(claims())}.`],
  ['unsecured, in capitals', 'algorithm', () => changed(0, () => base64url.encode('{"alg":"NonE","kid":"main"}'))],
  ['with two algorithms', 'algorithm', () => raw(HEADER.replace('}', ',"alg":"none"}'), claims())],
  ['signed by HMAC with the public key', 'algorithm', () => hmac('HS256')],
  ['signed by a longer HMAC with the public key', 'algorithm', () => hmac('HS512')],
  ['signed with another algorithm', 'algorithm', () => issuer.token({ header: { alg: 'RS512' } })],
  ['of an unknown key', 'signature', () => issuer.token({ header: { kid: 'unknown' } })],
  ['whose key is a path', 'signature', () => issuer.token({ header: { kid: '../../../../dev/null' } })],
  ['whose key is a query', 'signature', () => issuer.token({ header: { kid: "' or 1=1 --" } })],
  ['whose key is of every object', 'signature', () => issuer.token({ header: { kid: '__proto__' } })],
  ['that says where its keys are', 'header', () => issuer.token({ header: { jku: `${issuer.url}/evil` } })],
  ['that says where its certificate is', 'header', () => issuer.token({ header: { x5u: `${issuer.url}/evil` } })],
  ['that brings its certificate', 'header', () => issuer.token({ header: { x5c: ['MIIB'] } })],
  [
    'that brings its key',
    'header',
    () => issuer.token({ header: { jwk: stranger.publicKey.export({ format: 'jwk' }) }, key: stranger.privateKey }),
  ],
  ['that wants an extension', 'header', () => raw(HEADER.replace('}', ',"crit":["b64"],"b64":false}'), claims())],
  ['whose signature was changed', 'signature', () => changed(2, (part) => `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}`)],
  ['whose signature was taken away', 'signature', () => changed(2, () => '')],
  ['whose claims were changed', 'signature', () => changed(1, () => base64url.encode(claims().replace('ada', 'eve')))],
  ['of another realm, under the name of our key', 'signature', () => issuer.token({ key: stranger.privateKey })],
  ['inside another', 'malformed', async () => raw(HEADER.replace('}', ',"cty":"JWT"}'), await issuer.token())],
  ['encrypted', 'header', () => changed(0, () => base64url.encode('{"alg":"RSA-OAEP","enc":"A256GCM","kid":"main"}'))],
  ['of another issuer', 'issuer', () => issuer.token({ claims: { iss: 'https://evil.example/realms/millrace' } })],
  ['of an issuer that begins alike', 'issuer', () => issuer.token({ claims: { iss: `${issuer.url}-2` } })],
  ['of no issuer', 'issuer', () => issuer.token({ claims: { iss: undefined } })],
  ['for another audience', 'audience', () => issuer.token({ claims: { aud: ['account'] } })],
  ['for an audience that begins alike', 'audience', () => issuer.token({ claims: { aud: 'millrace-api-2' } })],
  ['for no audience', 'audience', () => issuer.token({ claims: { aud: undefined } })],
  ['of an unknown client', 'client', () => issuer.token({ claims: { azp: 'somebody-else' } })],
  ['that is an ID token', 'type', () => issuer.token({ claims: { typ: 'ID' } })],
  ['that is a refresh token', 'type', () => issuer.token({ claims: { typ: 'Refresh' } })],
  ['that is a logout token', 'type', () => issuer.token({ header: { typ: 'logout+jwt' } })],
  ['that has expired', 'expired', () => issuer.token({ claims: { iat: seconds() - 400, exp: seconds() - 100 } })],
  ['that never expires', 'malformed', () => issuer.token({ claims: { exp: undefined } })],
  ['not to be used yet', 'early', () => issuer.token({ claims: { nbf: seconds() + 100 } })],
  ['of the future', 'early', () => issuer.token({ claims: { iat: seconds() + 100, exp: seconds() + 400 } })],
  ['older than a day', 'expired', () => issuer.token({ claims: { iat: seconds() - 90_000 } })],
  ['with two subjects, the last of them nobody', 'subject', () => raw(HEADER, claims().replace(/}$/, ',"sub":""}'))],
  ['whose subject is a list', 'subject', () => issuer.token({ claims: { sub: ['ada'] } })],
  ['whose subject is an object', 'subject', () => issuer.token({ claims: { sub: { toString: 'ada' } } })],
  ['larger than 8 KiB', 'malformed', () => issuer.token({ claims: { ballast: 'x'.repeat(8_192) } })],
  ['of two parts', 'malformed', async () => (await issuer.token()).split('.').slice(0, 2).join('.')],
  ['of five parts', 'malformed', async () => `${await issuer.token()}.a.b`],
  ['in another alphabet of base64', 'malformed', () => changed(2, (part) => `${part.slice(0, -1)}+`)],
  ['whose claims are nested very deep', 'malformed', () => raw(HEADER, '{"a":'.repeat(1_000))],
];

describe('an access token at the door', () => {
  it('lets in whom it speaks for, though the key was shown a moment ago', async () => {
    expect((await ask(`Bearer ${await issuer.token()}`)).status).toBe(200);
    issuer.show('rotated', rotated.publicKey);
    expect((await ask(`Bearer ${await issuer.token({ header: { kid: 'rotated' }, key: rotated.privateKey })}`)).status).toBe(200);
    expect((await ask(`Bearer ${await issuer.token()}`)).status).toBe(200);
  });

  it.each(REFUSED)('%s is refused as what it is: %s', async (_, fault, make) => {
    const response = await ask(`Bearer ${await make()}`);
    expect([response.status, await response.json()]).toMatchObject([401, { code: `auth.token_${fault}` }]);
    expect(response.headers.get('www-authenticate')).toContain('invalid_token');
  });

  it.each([
    ['no scheme', (token: string) => token],
    ['the scheme of passwords', (token: string) => `Basic ${btoa(`ada:${token}`)}`],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['two schemes', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['a letter of no alphabet', (token: string) => `Bearer ${token}\u00e9`],
    ['nothing behind the scheme', () => 'Bearer '],
  ])('is refused with %s', async (_, write) => {
    expect((await ask(write(await issuer.token()))).status).toBe(401);
  });

  it('is not looked for in the address', async () => {
    const token = await issuer.token();
    for (const name of ['access_token', 'token', 'authorization']) {
      expect((await ask(undefined, `/v1/workspaces?${name}=${token}`)).status).toBe(401);
    }
  });

  it('makes the issuer be asked for its keys a few times only, however many unknown keys are named', async () => {
    const before = issuer.asked;
    const flood = await Promise.all(Array.from({ length: 200 }, (_, at) => issuer.token({ header: { kid: `unknown-${at}` } })));
    const answers = await Promise.all(flood.map((token) => ask(`Bearer ${token}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(issuer.asked - before).toBeLessThanOrEqual(1);
  });

  it('goes on being checked while the issuer is away', async () => {
    issuer.away = true;
    expect((await ask(`Bearer ${await issuer.token()}`)).status).toBe(200);
    expect((await ask(`Bearer ${await issuer.token({ key: stranger.privateKey })}`)).status).toBe(401);
  });
});

import type { Identity } from '@millrace/auth';
import { DomainError } from '@millrace/kernel';
import { describe, expect, it } from '@jest/globals';
import { IdentifyCaller } from '../../../application/identify-caller';
import { Cookies } from './cookies';
import { HttpCallers } from './http-callers';

const ORIGIN = 'https://door.test';
const SECRET = 's'.repeat(43);
const identity: Identity = { principal: { kind: 'user', id: 'ada', roles: [] }, issuedAt: 0, expiresAt: 1 };
const nobody = (): Promise<never> => Promise.reject(new DomainError('auth.session_ended', 'unauthenticated', 'Sign in again.'));

const callers = new HttpCallers({
  callers: new IdentifyCaller({
    tokens: { verify: nobody },
    sessions: { identify: (secret) => (secret === SECRET ? Promise.resolve(identity) : nobody()) },
    credentials: { identify: nobody },
    revocations: { isRevoked: () => false },
    issuers: [ORIGIN],
  }),
  cookies: new Cookies(ORIGIN),
  origin: ORIGIN,
});
const cookie = `a=b; __Host-millrace=${SECRET}`;
const proof = { 'millrace-csrf': '1' };

describe('a browser with a session', () => {
  it('reads, whichever page made it ask: that one cannot see the answer', async () => {
    for (const method of ['GET', 'HEAD']) expect(await callers.caller({ method, headers: { cookie } })).toBe(identity.principal);
    expect(await callers.caller({ method: 'GET', headers: { cookie, origin: 'https://evil.test' } })).toBe(identity.principal);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('writes with %s from a page of ours', async (method) => {
    expect(await callers.caller({ method, headers: { cookie, origin: ORIGIN, ...proof } })).toBe(identity.principal);
  });

  it.each([
    ['a form', {}],
    ['a form of another page', { origin: 'https://evil.test' }],
    ['a page of another origin, with the header', { origin: 'https://evil.test', ...proof }],
    ['a page of the same site', { origin: 'https://docs.door.test', ...proof }],
    ['a page of another port', { origin: 'https://door.test:8443', ...proof }],
    ['a page without TLS', { origin: 'http://door.test', ...proof }],
    ['a page in a sandbox', { origin: 'null', ...proof }],
    ['nobody who says so', proof],
    ['our own form without script', { origin: ORIGIN }],
    ['our own page with another header', { origin: ORIGIN, 'millrace-csrf': 'true' }],
  ])('writes nothing for %s', async (_, headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      await expect(callers.caller({ method, headers: { cookie, ...headers } })).rejects.toMatchObject({
        code: 'auth.csrf',
        refusal: 'forbidden',
      });
    }
  });

  it('opens sockets from a page of ours alone', async () => {
    expect(await callers.socket({ headers: { cookie, origin: ORIGIN } })).toBe(identity);
    for (const origin of [undefined, 'null', 'https://evil.test']) {
      expect(await callers.socket({ headers: { cookie, origin } })).toBeUndefined();
    }
  });

  it('is nobody to an endpoint, which may do anything with a GET, unless the console asks', async () => {
    expect(await callers.visitor({ headers: { cookie } })).toMatchObject({ principal: { kind: 'anonymous' } });
    expect(await callers.visitor({ headers: { cookie, origin: 'https://evil.test', ...proof } })).toMatchObject({
      principal: { kind: 'anonymous' },
    });
    expect(await callers.visitor({ headers: { cookie, ...proof } })).toMatchObject({ principal: identity.principal });
  });

  it('may not come with a token too', async () => {
    const headers = { cookie, authorization: 'Bearer x' };
    await expect(callers.caller({ method: 'GET', headers })).rejects.toMatchObject({ code: 'api.credentials_ambiguous' });
  });

  it.each([
    ['two of them, of which one was planted', `__Host-millrace=${SECRET}; __Host-millrace=${'t'.repeat(43)}`],
    ['one of another name', `millrace=${SECRET}`],
    ['one of another form', '__Host-millrace=x'],
    ['none', '__Host-millrace='],
  ])('is nobody with %s', async (_, text) => {
    expect(await callers.caller({ method: 'GET', headers: { cookie: text } })).toMatchObject({ kind: 'anonymous' });
  });
});

describe('the cookie', () => {
  it('is kept from scripts, other hosts and plain connections', () => {
    expect(new Cookies(ORIGIN).set('millrace', 'x', 60_000)).toBe('__Host-millrace=x; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure');
  });

  it('works on one machine without TLS', () => {
    const cookies = new Cookies('http://127.0.0.1:4000');
    expect(cookies.set('millrace', 'x', 60_000)).toBe('millrace=x; Max-Age=60; Path=/; HttpOnly; SameSite=Lax');
    expect(cookies.clear('millrace')).toMatch(/^millrace=; Max-Age=0;/);
  });
});

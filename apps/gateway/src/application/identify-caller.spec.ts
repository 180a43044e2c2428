import type { Identity } from '@millrace/auth';
import { ANONYMOUS, DomainError } from '@millrace/kernel';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { IdentifyCaller } from './identify-caller';
import { Tokens } from './ports/tokens';

const ISSUER = 'https://door.test/realms/millrace';
const ANNA = { kind: 'user', id: 'anna', roles: [] } as const;

const identity: Identity = { principal: ANNA, issuedAt: 0, expiresAt: 1 };
const SECRET = 'opens-annas-session';
const KEY = 'mrk_good';
const CI = { kind: 'key', id: 'key_1', roles: [], workspace: 'ws_1' } as const;
const unknown = (): Error => new DomainError('auth.credential_unknown', 'unauthenticated', 'It proves nobody.');
const ended = (): Error => new DomainError('auth.session_ended', 'unauthenticated', 'Sign in again.');

class OneToken extends Tokens {
  readonly asked: string[] = [];
  away = false;

  constructor(private readonly good: string) {
    super();
  }

  override async verify(token: string): Promise<Identity> {
    this.asked.push(token);
    if (this.away) throw new DomainError('auth.keys_unavailable', 'unavailable', 'The provider is away.');
    if (token !== this.good) throw new DomainError('auth.token_expired', 'unauthenticated', 'The token has expired.');
    return identity;
  }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown): string => `${part({})}.${part(claims)}.sig`;
const GOOD = jwt({ iss: ISSUER, name: 'Zoë' });

describe('who is calling', () => {
  let tokens: OneToken;
  let callers: IdentifyCaller;
  let revoked: boolean;

  beforeEach(() => {
    tokens = new OneToken(GOOD);
    callers = new IdentifyCaller({
      tokens,
      sessions: { identify: async (secret) => (secret === SECRET ? identity : Promise.reject(ended())) },
      credentials: { identify: async (text) => (text === KEY ? { ...identity, principal: CI } : Promise.reject(unknown())) },
      revocations: { isRevoked: () => revoked },
      issuers: [ISSUER],
    });
    revoked = false;
  });

  it('is nobody without a credential', async () => {
    expect(await callers.caller({})).toBe(ANONYMOUS);
    expect(await callers.visitor({})).toEqual({ principal: ANONYMOUS, ours: false });
  });

  it('is whom the token speaks for, however "Bearer" is written', async () => {
    expect(await callers.caller({ authorization: `Bearer ${GOOD}` })).toBe(ANNA);
    expect(await callers.caller({ authorization: `bearer  ${GOOD} ` })).toBe(ANNA);
    expect(await callers.visitor({ authorization: `Bearer ${GOOD}` })).toEqual({ principal: ANNA, ours: true });
  });

  it.each(['Basic YTpi', 'Bearer', `Bearer ${GOOD} ${GOOD}`, GOOD, ''])('cannot be told from %j', async (authorization) => {
    await expect(callers.caller({ authorization })).rejects.toMatchObject({ code: 'auth.scheme_unknown', refusal: 'unauthenticated' });
    expect(await callers.visitor({ authorization })).toEqual({ principal: ANONYMOUS, ours: false });
  });

  it('refuses a token that proves nobody, but lets a visitor in as nobody', async () => {
    const expired = `Bearer ${jwt({ iss: ISSUER, exp: 1 })}`;
    await expect(callers.caller({ authorization: expired })).rejects.toMatchObject({ code: 'auth.token_expired' });
    expect(await callers.visitor({ authorization: expired })).toEqual({ principal: ANONYMOUS, ours: true });
  });

  it('does not let a visitor in as nobody while nobody can tell who it is', async () => {
    tokens.away = true;
    await expect(callers.visitor({ authorization: `Bearer ${GOOD}` })).rejects.toMatchObject({ code: 'auth.keys_unavailable' });
  });

  it.each([
    ['a key of the platform', 'mrk_1_secret'],
    ['a personal token', 'mrp_1_secret'],
    ['a JWT of the realm', jwt({ iss: ISSUER })],
    ['a JWT that cannot be read', 'e30.%%%.sig'],
    ['a JWT whose claims are no JSON', `e30.${Buffer.from('no').toString('base64url')}.sig`],
  ])('is withheld from endpoints when it is %s', async (_, token) => {
    expect((await callers.visitor({ authorization: `Bearer ${token}` })).ours).toBe(true);
  });

  it.each([
    ['an opaque token', 'ghp_abcdef'],
    ['a JWT of another issuer', jwt({ iss: 'https://elsewhere.test' })],
    ['a JWT without an issuer', jwt({ sub: 'x' })],
    ['a JWT whose claims are no object', jwt(null)],
    ['something with one dot', 'a.b'],
    ['something with three dots', 'a.b.c.d'],
  ])('is the endpoint’s own business when it is %s', async (_, token) => {
    expect(await callers.visitor({ authorization: `Bearer ${token}` })).toEqual({ principal: ANONYMOUS, ours: false });
    expect(tokens.asked).toEqual([]);
  });

  it('is whose session it is', async () => {
    expect(await callers.caller({ session: SECRET })).toBe(ANNA);
    expect(await callers.visitor({ session: SECRET })).toEqual({ principal: ANNA, ours: false });
    await expect(callers.caller({ session: 'x' })).rejects.toMatchObject({ code: 'auth.session_ended' });
    expect(await callers.visitor({ session: 'x' })).toEqual({ principal: ANONYMOUS, ours: false });
  });

  it('cannot be told from two credentials, be they of one person', async () => {
    const both = { authorization: `Bearer ${GOOD}`, session: SECRET };
    await expect(callers.caller(both)).rejects.toMatchObject({ code: 'api.credentials_ambiguous', refusal: 'invalid' });
    await expect(callers.visitor(both)).rejects.toMatchObject({ code: 'api.credentials_ambiguous' });
  });

  it('is a session all the same when the other credential is the endpoint’s own', async () => {
    expect(await callers.visitor({ authorization: 'Bearer ghp_abcdef', session: SECRET })).toEqual({ principal: ANNA, ours: false });
  });

  it('is nobody any more whose sign-in was ended', async () => {
    revoked = true;
    await expect(callers.caller({ session: SECRET })).rejects.toMatchObject({ code: 'auth.token_revoked', refusal: 'unauthenticated' });
    await expect(callers.verified(GOOD, {})).rejects.toMatchObject({ code: 'auth.token_revoked' });
    expect(await callers.visitor({ authorization: `Bearer ${GOOD}` })).toEqual({ principal: ANONYMOUS, ours: true });
  });

  it('is a key or a person by their token, in either header', async () => {
    for (const credentials of [{ authorization: `Bearer ${KEY}` }, { apiKey: KEY }]) {
      expect(await callers.caller(credentials)).toBe(CI);
      expect((await callers.visitor(credentials)).principal).toBe(CI);
    }
    expect((await callers.verified(KEY, {})).principal).toBe(CI);
    expect(tokens.asked).toEqual([]);
  });

  it('is nobody by a key that proves nobody, and at an endpoint a stranger', async () => {
    for (const credentials of [{ authorization: 'Bearer mrk_bad' }, { apiKey: 'mrk_bad' }, { apiKey: GOOD }]) {
      await expect(callers.caller(credentials)).rejects.toMatchObject({ code: 'auth.credential_unknown' });
      expect((await callers.visitor(credentials)).principal).toBe(ANONYMOUS);
    }
  });

  it.each([
    ['a token and a key', { authorization: `Bearer ${GOOD}`, apiKey: KEY }],
    ['the same key twice', { authorization: `Bearer ${KEY}`, apiKey: KEY }],
    ['a key and a session', { apiKey: KEY, session: SECRET }],
    ['a scheme of others and a key', { authorization: 'Basic YTpi', apiKey: KEY }],
  ])('is not guessed from %s', async (_, credentials) => {
    await expect(callers.caller(credentials)).rejects.toMatchObject({ code: 'api.credentials_ambiguous', refusal: 'invalid' });
  });

  it('is a key at an endpoint that has a credential of its own', async () => {
    expect(await callers.visitor({ authorization: 'Basic YTpi', apiKey: KEY })).toEqual({ principal: CI, ours: false });
    await expect(callers.visitor({ authorization: `Bearer ${GOOD}`, apiKey: KEY })).rejects.toMatchObject({
      code: 'api.credentials_ambiguous',
    });
  });
});

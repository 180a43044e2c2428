import type { Identity } from '@millrace/auth';
import { ANONYMOUS, DomainError } from '@millrace/kernel';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { IdentifyCaller } from './identify-caller';
import { Tokens } from './ports/tokens';

const ISSUER = 'https://door.test/realms/millrace';
const ANNA = { kind: 'user', id: 'anna', roles: [] } as const;

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
    return { principal: ANNA, issuedAt: 0, expiresAt: 1 };
  }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown): string => `${part({})}.${part(claims)}.sig`;
const GOOD = jwt({ iss: ISSUER, name: 'Zoë' });

describe('who is calling', () => {
  let tokens: OneToken;
  let callers: IdentifyCaller;

  beforeEach(() => {
    tokens = new OneToken(GOOD);
    callers = new IdentifyCaller(tokens, ISSUER);
  });

  it('is nobody without a credential', async () => {
    expect(await callers.caller(undefined)).toBe(ANONYMOUS);
    expect(await callers.visitor(undefined)).toEqual({ principal: ANONYMOUS, ours: false });
  });

  it('is whom the token speaks for, however "Bearer" is written', async () => {
    expect(await callers.caller(`Bearer ${GOOD}`)).toBe(ANNA);
    expect(await callers.caller(`bearer  ${GOOD} `)).toBe(ANNA);
    expect(await callers.visitor(`Bearer ${GOOD}`)).toEqual({ principal: ANNA, ours: true });
  });

  it.each(['Basic YTpi', 'Bearer', `Bearer ${GOOD} ${GOOD}`, GOOD, ''])('cannot be told from %j', async (authorization) => {
    await expect(callers.caller(authorization)).rejects.toMatchObject({ code: 'auth.scheme_unknown', refusal: 'unauthenticated' });
    expect(await callers.visitor(authorization)).toEqual({ principal: ANONYMOUS, ours: false });
  });

  it('refuses a token that proves nobody, but lets a visitor in as nobody', async () => {
    const expired = `Bearer ${jwt({ iss: ISSUER, exp: 1 })}`;
    await expect(callers.caller(expired)).rejects.toMatchObject({ code: 'auth.token_expired' });
    expect(await callers.visitor(expired)).toEqual({ principal: ANONYMOUS, ours: true });
  });

  it('does not let a visitor in as nobody while nobody can tell who it is', async () => {
    tokens.away = true;
    await expect(callers.visitor(`Bearer ${GOOD}`)).rejects.toMatchObject({ code: 'auth.keys_unavailable' });
  });

  it.each([
    ['a key of the platform', 'mrk_1_secret'],
    ['a personal token', 'mrp_1_secret'],
    ['a JWT of the realm', jwt({ iss: ISSUER })],
    ['a JWT that cannot be read', 'e30.%%%.sig'],
    ['a JWT whose claims are no JSON', `e30.${Buffer.from('no').toString('base64url')}.sig`],
  ])('is withheld from endpoints when it is %s', async (_, token) => {
    expect((await callers.visitor(`Bearer ${token}`)).ours).toBe(true);
  });

  it.each([
    ['an opaque token', 'ghp_abcdef'],
    ['a JWT of another issuer', jwt({ iss: 'https://elsewhere.test' })],
    ['a JWT without an issuer', jwt({ sub: 'x' })],
    ['a JWT whose claims are no object', jwt(null)],
    ['something with one dot', 'a.b'],
    ['something with three dots', 'a.b.c.d'],
  ])('is the endpoint’s own business when it is %s', async (_, token) => {
    expect(await callers.visitor(`Bearer ${token}`)).toEqual({ principal: ANONYMOUS, ours: false });
    expect(tokens.asked).toEqual([]);
  });
});

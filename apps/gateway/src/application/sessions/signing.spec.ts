import type { Identity } from '@millrace/auth';
import { DomainError, Ids, type Principal } from '@millrace/kernel';
import { SqliteKeyValue } from '@millrace/messaging';
import { VirtualTime } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Lines } from '../../../testing/lines';
import { MOST_SESSIONS, type HeldTokens, type Session } from '../../domain/sessions/session';
import { KeyValueRevocations } from '../../infrastructure/key-value-revocations';
import { AesSeal } from '../../infrastructure/sealing/aes-seal';
import { KeyValueSessions } from '../../infrastructure/sessions/key-value-sessions';
import { Accounts } from '../ports/accounts';
import { IdentityProvider, type EndedSignIn, type SignInChecks } from '../ports/identity-provider';
import { SessionNews, type Closing } from '../ports/session-news';
import { Tokens } from '../ports/tokens';
import { Visitors } from '../ports/visitors';
import { SignIn, type SignedIn, type Wish } from './sign-in';
import { SignOut } from './sign-out';
import { Visits } from './visits';

const START = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;
const CHECKS: SignInChecks = { state: 'state', nonce: 'nonce', verifier: 'verifier' };
const WHENCE = { ip: '127.0.0.1', agent: 'Mill/1' };
const ADA: Principal = { kind: 'user', id: 'ada', roles: [] };

/** Gives ada's tokens to whoever brings the right checks back. */
class Provider extends IdentityProvider {
  readonly freshly: boolean[] = [];
  readonly redeemed: unknown[] = [];
  readonly ended: string[] = [];
  refresh_: string | undefined = 'refresh-0';
  failure: Error | undefined;
  notice: EndedSignIn = { id: 'notice-1' };

  override async begin(fresh: boolean): Promise<{ readonly url: string; readonly checks: SignInChecks }> {
    this.freshly.push(fresh);
    return { url: 'https://id.example.org/auth', checks: CHECKS };
  }

  override async redeem(callback: string, checks: SignInChecks): Promise<HeldTokens> {
    if (this.failure !== undefined) throw this.failure;
    this.redeemed.push([callback, checks]);
    return { access: 'access-0', accessEndsAt: START + 5 * MINUTE, ...(this.refresh_ && { refresh: this.refresh_ }) };
  }

  override refresh(): Promise<never> {
    throw new Error('not asked here');
  }

  override async end(refreshToken: string): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.ended.push(refreshToken);
  }

  override async readLogoutToken(): Promise<EndedSignIn> {
    return this.notice;
  }
}

class Everyone extends Accounts {
  readonly signedOut: string[] = [];
  readonly endedSignIns: string[] = [];

  override async signOut(user: string): Promise<void> {
    this.signedOut.push(user);
  }

  override async endSignIn(signIn: string): Promise<void> {
    this.endedSignIns.push(signIn);
  }

  override async remove(): Promise<void> {
    throw new Error('not asked here');
  }

  override async removedSince(): Promise<never> {
    throw new Error('not asked here');
  }
}

/** Whose every token is ada's, of the sign-in and the time it is set to. */
class AdasTokens extends Tokens {
  more: { readonly signIn?: string; readonly signedInAt?: number } = { signIn: 'sid-1', signedInAt: START - MINUTE };

  override async verify(): Promise<Identity> {
    const { signIn, signedInAt } = this.more;
    const principal = { ...ADA, ...(signIn && { session: signIn }) };
    return { principal, issuedAt: START, expiresAt: START + 5 * MINUTE, ...(signedInAt && { signedInAt }) };
  }
}

/** One visitor, whose token is the name of their session. */
class OneVisitor extends Visitors {
  override async verify(token: string): Promise<Identity> {
    return { principal: { kind: 'anonymous', id: 'anon_1', roles: [], session: token }, issuedAt: START, expiresAt: START + MINUTE };
  }

  override isVisitors(): boolean {
    return true;
  }

  override async admit(): Promise<never> {
    throw new Error('not asked here');
  }

  override async renew(): Promise<never> {
    throw new Error('not asked here');
  }
}

class News extends SessionNews {
  readonly opened_: Session[] = [];
  readonly refusals: string[] = [];
  closings: Closing[] = [];

  override async opened(session: Session): Promise<void> {
    this.opened_.push(session);
  }

  override async refused(reason: string): Promise<void> {
    this.refusals.push(reason);
  }

  override async closed(closing: Closing): Promise<void> {
    this.closings.push(closing);
  }

  override async left(): Promise<void> {
    throw new Error('not said here');
  }
}

class Counted extends Ids {
  private count = 0;

  override mint(prefix: string): string {
    this.count += 1;
    return `${prefix}_${this.count}`;
  }

  override derive(): never {
    throw new Error('not asked here');
  }
}

let clock: VirtualTime;
let keyValue: SqliteKeyValue;
let revocations: KeyValueRevocations;
let sessions: KeyValueSessions;
let provider: Provider;
let accounts: Everyone;
let tokens: AdasTokens;
let news: News;
let failures: unknown[];
let signIn: SignIn;
let signOut: SignOut;

beforeEach(async () => {
  clock = new VirtualTime(START);
  keyValue = new SqliteKeyValue({ file: ':memory:', clock });
  const bucket = await keyValue.bucket('sessions');
  const seal = await AesSeal.open(bucket);
  revocations = await KeyValueRevocations.open(keyValue, new Lines());
  sessions = new KeyValueSessions(bucket, seal, clock);
  [provider, accounts, tokens, news, failures] = [new Provider(), new Everyone(), new AdasTokens(), new News(), []];
  const visits = new Visits(new OneVisitor(), revocations);
  const shared = { provider, sessions, revocations, news, clock };
  signIn = new SignIn({ ...shared, tokens, visits, seal, ids: new Counted() });
  signOut = new SignOut({ ...shared, accounts, onProviderFailure: (error) => void failures.push(error) });
});

afterEach(async () => {
  await revocations.onApplicationShutdown();
  await keyValue.close();
});

/** Signs ada in, as a browser that had the session of `secret` until now. */
async function signedIn(wish: Wish = {}, secret?: string): Promise<SignedIn> {
  const { ticket } = await signIn.begin(wish);
  return signIn.finish({ callback: 'https://mill/v1/auth/callback?code=1', ticket, secret, whence: WHENCE });
}

const isOver = (session: string): boolean =>
  revocations.isRevoked({ principal: { ...ADA, id: 'nobody', session }, issuedAt: clock.now(), expiresAt: clock.now() });

describe('signing in by the browser', () => {
  it('leads back to where it began, and to the console when nothing was said', async () => {
    expect(await signedIn({ returnTo: '/docs' })).toMatchObject({ returnTo: '/docs' });
    const { secret, returnTo } = await signedIn();
    expect(returnTo).toBe('/console/');
    expect((await sessions.find(secret))?.session).toMatchObject({ user: 'ada', signedInAt: START - MINUTE, issuerSession: 'sid-1' });
    expect(news.opened_.map(({ id }) => id)).toEqual(['ses_1', 'ses_2']);
  });

  it('asks for a proof again only when it is told to', async () => {
    await signIn.begin({});
    await signIn.begin({ fresh: true });
    expect(provider.freshly).toEqual([false, true]);
  });

  it('begins nothing that would lead to another origin', async () => {
    await expect(signIn.begin({ returnTo: '//evil.example.org' })).rejects.toMatchObject({
      code: 'api.return_invalid',
      refusal: 'invalid',
    });
    expect(provider.freshly).toEqual([]);
  });

  it('checks what comes back against what was begun', async () => {
    await signedIn();
    expect(provider.redeemed).toEqual([['https://mill/v1/auth/callback?code=1', expect.objectContaining({ ...CHECKS })]]);
  });

  it('is refused without its ticket, with one that was not made here, and after ten minutes; the log is told each time', async () => {
    const { ticket, life } = await signIn.begin({});
    const finish = (brought: string | undefined) =>
      signIn.finish({ callback: 'https://mill/', ticket: brought, secret: undefined, whence: WHENCE });
    const refused = { code: 'auth.sign_in_expired', refusal: 'unauthenticated' };
    await expect(finish(undefined)).rejects.toMatchObject(refused);
    await expect(finish(ticket.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')))).rejects.toMatchObject(refused);
    clock.jump(life);
    await expect(finish(ticket)).rejects.toMatchObject(refused);
    expect(news.refusals).toEqual(Array.from({ length: 3 }, () => 'auth.sign_in_expired'));
    expect([provider.redeemed, news.opened_]).toEqual([[], []]);
  });

  it('tells the log of what was refused, not of what went wrong here', async () => {
    provider.failure = new DomainError('auth.sign_in_refused', 'unauthenticated', 'No.');
    await expect(signedIn()).rejects.toBe(provider.failure);
    provider.failure = new TypeError('a fault');
    await expect(signedIn()).rejects.toBe(provider.failure);
    expect(news.refusals).toEqual(['auth.sign_in_refused']);
  });

  it('counts from now when the provider does not say when the person signed in, nor in which sign-in', async () => {
    tokens.more = {};
    const { secret } = await signedIn();
    const { signedInAt, issuerSession } = (await sessions.find(secret))?.session ?? {};
    expect([signedInAt, issuerSession]).toEqual([START, undefined]);
  });

  it('ends the session that the browser had before', async () => {
    const { secret } = await signedIn();
    await signedIn({}, secret);
    expect(await sessions.find(secret)).toBeUndefined();
    expect([isOver('ses_1'), isOver('ses_2'), isOver('sid-1')]).toEqual([true, false, false]);
    expect(news.closings).toEqual([{ reason: 'renewed', user: 'ada', session: 'ses_1' }]);
  });

  it('goes on as the visit it is linked to, also when the browser signs in once more for the same visit', async () => {
    const { secret } = await signedIn({ link: 'ses_visit' });
    const again = await signedIn({ link: 'ses_visit' }, secret);
    expect(await sessions.find(secret)).toBeUndefined();
    expect((await sessions.find(again.secret))?.session.id).toBe('ses_visit');
    expect([isOver('ses_visit'), news.closings]).toEqual([false, []]);
  });

  it('does not go on as a visit that was ended', async () => {
    await revocations.revoke({ kind: 'session', id: 'ses_visit', at: START });
    await expect(signIn.begin({ link: 'ses_visit' })).rejects.toMatchObject({ code: 'auth.token_revoked' });
  });

  it('makes room: the oldest session of a person with too many is over', async () => {
    const [first] = [await signedIn()];
    for (let nth = 1; nth <= MOST_SESSIONS; nth++) {
      clock.jump(1);
      await signedIn();
    }
    expect(await sessions.ofUser('ada')).toHaveLength(MOST_SESSIONS);
    expect([await sessions.find(first.secret), isOver('ses_1')]).toEqual([undefined, true]);
    expect(news.closings).toEqual([{ reason: 'too-many', user: 'ada', session: 'ses_1' }]);
  });
});

describe('signing out', () => {
  it('ends the session here and at the provider, with the tokens of its sign-in', async () => {
    const { secret } = await signedIn();
    expect(await signOut.here(secret)).toBe(true);
    expect([isOver('ses_1'), isOver('sid-1'), provider.ended]).toEqual([true, true, ['refresh-0']]);
    expect(news.closings).toEqual([{ reason: 'signed-out', user: 'ada', session: 'ses_1', signIn: 'sid-1' }]);
    expect(await signOut.here(secret)).toBe(false);
  });

  it('holds although the provider cannot be told', async () => {
    const { secret } = await signedIn();
    provider.failure = new DomainError('auth.provider_away', 'unavailable', 'Away.');
    expect(await signOut.here(secret)).toBe(true);
    expect([isOver('ses_1'), failures]).toEqual([true, [provider.failure]]);
  });

  it('tells the provider nothing that gave neither a refresh token nor a name of the sign-in', async () => {
    [tokens.more, provider.refresh_] = [{}, undefined];
    const { secret } = await signedIn();
    expect(await signOut.here(secret)).toBe(true);
    expect([isOver('ses_1'), provider.ended, failures]).toEqual([true, [], []]);
    expect(news.closings).toEqual([{ reason: 'signed-out', user: 'ada', session: 'ses_1' }]);
  });

  it('ends the sign-in of an app; a credential that came of no sign-in ends none', async () => {
    await signOut.app({ kind: 'key', id: 'key_1', roles: [] });
    expect([news.closings, accounts.endedSignIns]).toEqual([[], []]);
    await signOut.app({ ...ADA, session: 'sid-7' });
    expect([isOver('sid-7'), accounts.endedSignIns]).toEqual([true, ['sid-7']]);
    expect(news.closings).toEqual([{ reason: 'signed-out', user: 'ada', signIn: 'sid-7' }]);
  });

  it('ends one session from another browser, and none that is not there', async () => {
    const [{ secret }, other] = [await signedIn(), await signedIn()];
    await signOut.one(ADA, 'ses_1');
    expect([await sessions.find(secret), provider.ended]).toEqual([undefined, ['refresh-0']]);
    expect(await sessions.find(other.secret)).toBeDefined();
    await expect(signOut.one(ADA, 'ses_1')).rejects.toMatchObject({ code: 'auth.session_not_found', refusal: 'not-found' });
    expect(news.closings).toMatchObject([{ reason: 'elsewhere', session: 'ses_1' }]);
  });

  it('ends everywhere what a person was given until now', async () => {
    await signedIn();
    await signOut.everywhere(ADA);
    const identity = (issuedAt: number): Identity => ({ principal: ADA, issuedAt, expiresAt: START + MINUTE });
    expect([START, START + 1].map((time) => revocations.isRevoked(identity(time)))).toEqual([true, false]);
    expect([await sessions.ofUser('ada'), accounts.signedOut]).toEqual([[], ['ada']]);
    expect(news.closings).toEqual([{ reason: 'everywhere', user: 'ada' }]);
  });

  it.each<[string, Principal]>([
    ['a key', { kind: 'key', id: 'ada', roles: [] }],
    ['a personal token', { ...ADA, scopes: ['*:*'] }],
  ])('of other browsers is not for %s', async (_, principal) => {
    await signedIn();
    const denied = { code: 'auth.sessions_denied', refusal: 'forbidden' };
    await expect(signOut.one(principal, 'ses_1')).rejects.toMatchObject(denied);
    await expect(signOut.everywhere(principal)).rejects.toMatchObject(denied);
    expect([news.closings, accounts.signedOut, isOver('ses_1')]).toEqual([[], [], false]);
  });
});

describe('a sign-in that has ended at the provider', () => {
  it('ends with the sessions that came of it, and no other', async () => {
    await signedIn();
    tokens.more = { signIn: 'sid-2' };
    const { secret } = await signedIn();
    provider.notice = { id: 'notice-1', user: 'ada', issuerSession: 'sid-1' };
    await signOut.asTold('token');
    expect([isOver('sid-1'), isOver('ses_1'), isOver('sid-2')]).toEqual([true, true, false]);
    expect(await sessions.find(secret)).toBeDefined();
    expect(news.closings).toMatchObject([
      { reason: 'provider', session: 'ses_1' },
      { reason: 'provider', signIn: 'sid-1' },
    ]);
    expect(provider.ended).toEqual([]);
  });

  it('ends all of the person when no sign-in is named, and counts once', async () => {
    await signedIn();
    provider.notice = { id: 'notice-1', user: 'ada' };
    await signOut.asTold('token');
    const { secret } = await signedIn();
    await signOut.asTold('token');
    expect(await sessions.find(secret)).toBeDefined();
    expect([await sessions.ofUser('ada'), news.closings]).toMatchObject([[{}], [{ reason: 'provider', user: 'ada' }]]);
  });

  it('ends nothing when nobody is named', async () => {
    const { secret } = await signedIn();
    await signOut.asTold('token');
    expect([await sessions.find(secret), news.closings]).toMatchObject([{}, []]);
  });
});

import type { Identity } from '@millrace/auth';
import { DomainError, Clock } from '@millrace/kernel';
import { SqliteKeyValue, type Bucket } from '@millrace/messaging';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HeldTokens, Session } from '../../domain/sessions/session';
import { AesSeal } from '../../infrastructure/sealing/aes-seal';
import { KeyValueSessions } from '../../infrastructure/sessions/key-value-sessions';
import { IdentityProvider, type EndedSignIn } from '../ports/identity-provider';
import { SessionNews, type Closing } from '../ports/session-news';
import { Tokens } from '../ports/tokens';
import { SessionCallers } from './session-callers';

const START = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;

class SetClock extends Clock {
  time = START;

  override now(): number {
    return this.time;
  }
}

/** Takes each refresh token once, as the realm does. */
class Provider extends IdentityProvider {
  readonly used: string[] = [];
  away = false;
  private open: PromiseWithResolvers<void> | undefined;
  private readonly first = Promise.withResolvers<void>();

  constructor(private readonly clock: Clock) {
    super();
  }

  /** From now on answers wait for the call that is answered here. */
  hold(): () => void {
    const open = Promise.withResolvers<void>();
    this.open = open;
    return () => open.resolve();
  }

  /** Resolves when somebody has asked for new tokens. */
  get asked(): Promise<void> {
    return this.first.promise;
  }

  override async refresh(refreshToken: string): Promise<HeldTokens | undefined> {
    const isReused = this.used.includes(refreshToken);
    this.used.push(refreshToken);
    this.first.resolve();
    await this.open?.promise;
    if (this.away) throw new DomainError('auth.provider_away', 'unavailable', 'Away.');
    const next = this.used.length;
    return isReused ? undefined : { access: `access-${next}`, refresh: `refresh-${next}`, accessEndsAt: this.clock.now() + 5 * MINUTE };
  }

  override begin(): Promise<never> {
    throw new Error('not asked here');
  }

  override redeem(): Promise<never> {
    throw new Error('not asked here');
  }

  override end(): Promise<void> {
    throw new Error('not asked here');
  }

  override readLogoutToken(): Promise<EndedSignIn> {
    throw new Error('not asked here');
  }
}

class AnyToken extends Tokens {
  override async verify(token: string): Promise<Identity> {
    return { principal: { kind: 'user', id: 'ada', name: token, roles: [], session: 'sid-1' }, issuedAt: START, expiresAt: START };
  }
}

class News extends SessionNews {
  readonly closings: Closing[] = [];

  override async opened(): Promise<void> {
    throw new Error('not said here');
  }

  override async refused(): Promise<void> {
    throw new Error('not said here');
  }

  override async left(): Promise<void> {
    throw new Error('not said here');
  }

  override async closed(closing: Closing): Promise<void> {
    this.closings.push(closing);
  }
}

const tokens: HeldTokens = { access: 'access-0', refresh: 'refresh-0', accessEndsAt: START + 5 * MINUTE };
const session: Session = {
  ...{ id: 'ses_1', user: 'ada', issuerSession: 'sid-1', signedInAt: START, openedAt: START, usedAt: START },
  ...{ whence: { ip: '127.0.0.1', agent: 'x' }, tokens },
};

describe('the session of a browser', () => {
  let clock: SetClock;
  let keyValue: SqliteKeyValue;
  let bucket: Bucket;
  let provider: Provider;
  let news: News;
  let sessions: KeyValueSessions;
  let secret: string;

  beforeEach(async () => {
    clock = new SetClock();
    keyValue = new SqliteKeyValue({ file: ':memory:', clock });
    bucket = await keyValue.bucket('sessions');
    provider = new Provider(clock);
    news = new News();
    sessions = new KeyValueSessions(bucket, await AesSeal.open(bucket), clock);
    secret = await sessions.open(session);
  });

  afterEach(() => keyValue.close());

  const gateway = (): SessionCallers => new SessionCallers({ sessions, provider, tokens: new AnyToken(), news, clock });

  it('speaks for whoever signed in, by a name of its own', async () => {
    const { principal, signedInAt } = await gateway().identify(secret);
    expect([principal, signedInAt]).toEqual([{ kind: 'user', id: 'ada', name: 'access-0', roles: [], session: 'ses_1' }, START]);
    await expect(gateway().identify('x')).rejects.toMatchObject({ code: 'auth.session_ended', refusal: 'unauthenticated' });
  });

  it('has its tokens renewed before they end, once, however many ask however many gateways', async () => {
    clock.time += 4.5 * MINUTE;
    const gateways = [gateway(), gateway(), gateway()];
    const asked = gateways.flatMap((each) => Array.from({ length: 10 }, () => each.identify(secret)));
    const names = new Set((await Promise.all(asked)).map(({ principal }) => principal.name));
    expect(provider.used).toEqual(['refresh-0']);
    expect(names).toContain('access-1');
    expect((await gateway().identify(secret)).principal.name).toBe('access-1');
  });

  it('waits for the gateway that renews, once the old tokens have ended', async () => {
    clock.time += 6 * MINUTE;
    const release = provider.hold();
    const first = gateway().identify(secret);
    await provider.asked;
    const second = gateway().identify(secret);
    release();
    expect([(await first).principal.name, (await second).principal.name]).toEqual(['access-1', 'access-1']);
    expect(provider.used).toEqual(['refresh-0']);
  });

  it('goes on with what it has while the provider is away, and no longer', async () => {
    provider.away = true;
    clock.time += 4.5 * MINUTE;
    expect((await gateway().identify(secret)).principal.name).toBe('access-0');
    clock.time += MINUTE;
    await expect(gateway().identify(secret)).rejects.toMatchObject({ code: 'auth.provider_away' });
    expect(news.closings).toEqual([]);
  });

  it('is over when the provider says so, and the log is told', async () => {
    provider.used.push('refresh-0');
    clock.time += 4.5 * MINUTE;
    await expect(gateway().identify(secret)).rejects.toMatchObject({ code: 'auth.session_ended' });
    expect(news.closings).toEqual([{ reason: 'expired', user: 'ada', session: 'ses_1' }]);
    expect(await sessions.ofUser('ada')).toEqual([]);
  });

  it('takes what another gateway has got meanwhile instead of using the refresh token again', async () => {
    clock.time += 4.5 * MINUTE;
    const slow = gateway();
    const [found] = await sessions.ofUser('ada');
    const refind = sessions.refind.bind(sessions);
    sessions.refind = async (kept) => {
      if (found !== undefined)
        await sessions.replace(found, { ...session, tokens: { ...tokens, access: 'access-9', accessEndsAt: clock.time + MINUTE * 5 } });
      return refind(kept);
    };
    expect((await slow.identify(secret)).principal.name).toBe('access-9');
    expect(provider.used).toEqual([]);
  });

  it('is not looked up again for ten seconds, unless it is forgotten', async () => {
    const caller = gateway();
    await caller.identify(secret);
    const [kept] = await sessions.ofUser('ada');
    if (kept !== undefined) await sessions.remove(kept);
    clock.time += 9_999;
    expect((await caller.identify(secret)).principal.name).toBe('access-0');
    caller.forget(secret);
    await expect(caller.identify(secret)).rejects.toMatchObject({ code: 'auth.session_ended' });
  });

  it('is over with its tokens when the provider gave nothing to renew them with', async () => {
    const { refresh: _, ...unrenewable } = tokens;
    secret = await sessions.open({ ...session, id: 'ses_2', tokens: unrenewable });
    clock.time += 4.5 * MINUTE;
    await expect(gateway().identify(secret)).rejects.toMatchObject({ code: 'auth.session_ended' });
    expect([provider.used, news.closings]).toEqual([[], [{ reason: 'expired', user: 'ada', session: 'ses_2' }]]);
  });

  it('stays over when somebody signs out while it is renewed', async () => {
    clock.time += 4.5 * MINUTE;
    const release = provider.hold();
    const refused = expect(gateway().identify(secret)).rejects.toMatchObject({ code: 'auth.session_ended' });
    await provider.asked;
    const [kept] = await sessions.ofUser('ada');
    if (kept !== undefined) await sessions.remove(kept);
    release();
    await refused;
    expect(await sessions.find(secret)).toBeUndefined();
  });

  it('ends after thirty days, however much it is used', async () => {
    clock.time += 30 * 24 * 60 * MINUTE;
    await expect(gateway().identify(secret)).rejects.toMatchObject({ code: 'auth.session_ended' });
  });

  it('tells whoever reads the store neither the secret nor the tokens nor whose it is', async () => {
    const entries = await bucket.list('');
    const stored = entries.map(({ key, value }) => `${key} ${new TextDecoder().decode(value)}`).join('\n');
    for (const each of [secret, 'access-0', 'refresh-0', 'ada', 'sid-1', 'ses_1']) expect(stored).not.toContain(each);
  });

  it('cannot be put in the place of another one', async () => {
    const other = await sessions.open({ ...session, id: 'ses_2', user: 'bob' });
    const [adas, bobs] = [await sessions.find(secret), await sessions.find(other)];
    const entry = await bucket.get(adas?.key ?? '');
    await bucket.put(bobs?.key ?? '', entry?.value ?? new Uint8Array());
    expect(await sessions.find(other)).toBeUndefined();
  });
});

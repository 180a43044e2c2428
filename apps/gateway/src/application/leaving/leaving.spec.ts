import type { Identity } from '@millrace/auth';
import { DomainError, Ids, type Principal } from '@millrace/kernel';
import { SqliteKeyValue } from '@millrace/messaging';
import { VirtualTime } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { announced, ERASING, erasedBy } from '../../domain/leaving/erasure';
import { KeyValueErasures } from '../../infrastructure/leaving/key-value-erasures';
import { Accounts } from '../ports/accounts';
import { SessionNews } from '../ports/session-news';
import { ErasePerson } from './erase-person';
import { FollowRemovals } from './follow-removals';
import { Leave } from './leave';

const START = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;
const ADA: Principal = { kind: 'user', id: 'ada', roles: [] };

class Provider extends Accounts {
  readonly removed: string[] = [];
  readonly asked: number[] = [];
  elsewhere: string[] = [];
  away = false;

  override async remove(user: string): Promise<void> {
    this.answer();
    this.removed.push(user);
  }

  override async removedSince(time: number): Promise<readonly string[]> {
    this.answer();
    this.asked.push(time);
    return this.elsewhere;
  }

  override async signOut(): Promise<void> {
    throw new Error('not asked here');
  }

  override async endSignIn(): Promise<void> {
    throw new Error('not asked here');
  }

  private answer(): void {
    if (this.away) throw new DomainError('auth.provider_away', 'unavailable', 'Away.');
  }
}

class News extends SessionNews {
  readonly gone: string[] = [];

  override async left(user: string): Promise<void> {
    this.gone.push(user);
  }

  override async opened(): Promise<void> {
    throw new Error('not said here');
  }

  override async refused(): Promise<void> {
    throw new Error('not said here');
  }

  override async closed(): Promise<void> {
    throw new Error('not said here');
  }
}

class Counted extends Ids {
  private count = 0;

  override mint(prefix: string): string {
    this.count += 1;
    return `${prefix}_${this.count}`;
  }

  override derive(prefix: string, ...names: readonly string[]): string {
    return [prefix, ...names].join('_');
  }
}

describe('a person who leaves', () => {
  let clock: VirtualTime;
  let keyValue: SqliteKeyValue;
  let provider: Provider;
  let news: News;
  let signedOut: string[];
  let failures: unknown[];
  const ids = new Counted();

  beforeEach(() => {
    clock = new VirtualTime(START);
    keyValue = new SqliteKeyValue({ file: ':memory:', clock });
    provider = new Provider();
    news = new News();
    signedOut = [];
    failures = [];
  });

  afterEach(() => keyValue.close());

  /** One of several gateways. */
  async function gateway() {
    const erasures = new KeyValueErasures(await keyValue.bucket('erasures'), ids);
    const signOut = { closeAll: async (user: string) => void signedOut.push(user) };
    const erasePerson = new ErasePerson({ erasures, accounts: provider, signOut, news, clock });
    const onFailure = (error: unknown): void => void failures.push(error);
    const shared = { erasures, erasePerson, accounts: provider, clock, onFailure };
    return { erasures, leave: new Leave(shared), removals: new FollowRemovals({ ...shared, alarms: clock }) };
  }

  const identity = (more: Partial<Identity> = {}): Identity => ({
    ...{ principal: ADA, issuedAt: clock.now(), expiresAt: clock.now() + 5 * MINUTE, signedInAt: clock.now() - MINUTE },
    ...more,
  });

  it('is signed out, has no account any more, and the services are told', async () => {
    const { leave } = await gateway();
    const receipt = await leave.leave(identity());
    expect([signedOut, provider.removed, news.gone, failures]).toEqual([['ada'], ['ada'], ['ada'], []]);
    expect(receipt).toMatch(/^[\w-]{43}$/);
    expect(await leave.stateOf(receipt)).toEqual({ state: 'erasing', by: 'person', beganAt: START, erased: {} });
    await expect(leave.stateOf('x')).rejects.toMatchObject({ code: 'auth.erasure_not_found' });
  });

  it.each<[string, Partial<Identity>, string]>([
    ['a sign-in of long ago', { signedInAt: START - 5 * MINUTE - 1 }, 'auth.sign_in_stale'],
    ['a personal token', { principal: { ...ADA, scopes: ['*:*'] } }, 'auth.leaving_denied'],
    ['a key', { principal: { kind: 'key', id: 'key_1', roles: [] } }, 'auth.leaving_denied'],
  ])('does not leave with %s', async (_, more, code) => {
    const { leave } = await gateway();
    await expect(leave.leave(identity(more))).rejects.toMatchObject({ code, refusal: 'forbidden' });
    const { signedInAt: __, ...unknown } = identity();
    await expect(leave.leave(unknown)).rejects.toMatchObject({ code: 'auth.sign_in_stale' });
    expect([signedOut, provider.removed, news.gone]).toEqual([[], [], []]);
  });

  it('leaves all the same when the provider is away: the next look carries it through', async () => {
    const { leave, removals } = await gateway();
    provider.away = true;
    const receipt = await leave.leave(identity());
    expect([news.gone, await leave.stateOf(receipt)]).toMatchObject([[], { state: 'leaving' }]);
    await removals.look();
    expect(await leave.stateOf(receipt)).toMatchObject({ state: 'leaving' });
    provider.away = false;
    await removals.look();
    expect([provider.removed, news.gone, await leave.stateOf(receipt)]).toMatchObject([['ada'], ['ada'], { state: 'erasing' }]);
  });

  it('is erased when every service has said so, and forgotten here too', async () => {
    const { leave, erasures } = await gateway();
    const receipt = await leave.leave(identity());
    for (const [index, service] of ERASING.entries()) {
      expect(await leave.stateOf(receipt)).toMatchObject({ state: 'erasing' });
      await erasures.change('ada', (erasure) => erasedBy(erasure, service, { at: START + index, counts: { tokens: index } }));
    }
    expect(await leave.stateOf(receipt)).toMatchObject({
      state: 'erased',
      finishedAt: START + 2,
      erased: { runtime: { counts: { tokens: 2 } } },
    });
    const stored = await (await keyValue.bucket('erasures')).list('');
    expect(stored.map(({ key, value }) => `${key} ${new TextDecoder().decode(value)}`).join('\n')).not.toContain('ada');
  });

  it('is seen when the account was removed at the provider, once', async () => {
    const { removals } = await gateway();
    await removals.look();
    await clock.advance(30_000);
    provider.elsewhere = ['bob'];
    await removals.look();
    await removals.look();
    expect([signedOut, news.gone]).toEqual([['bob'], ['bob']]);
    expect(provider.asked.map((time) => START - time)).toEqual([120_000, 120_000, 90_000]);
  });

  it('is seen by one gateway, and by another one when that is gone', async () => {
    const [one, other] = [await gateway(), await gateway()];
    await one.removals.look();
    await other.removals.look();
    expect(provider.asked).toHaveLength(1);
    await clock.advance(MINUTE);
    await other.removals.look();
    expect(provider.asked).toHaveLength(2);
  });

  it('is looked for every half minute until the gateway stops', async () => {
    const { removals } = await gateway();
    removals.start();
    await clock.advance(2 * MINUTE);
    expect(provider.asked).toHaveLength(4);
    await removals.stop();
    await clock.advance(2 * MINUTE);
    expect(provider.asked).toHaveLength(4);
  });

  it('is looked for to the end when the gateway stops meanwhile, and not again', async () => {
    const { removals } = await gateway();
    const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    provider.removedSince = async (time) => {
      provider.asked.push(time);
      begun.resolve();
      await end.promise;
      return ['bob'];
    };
    removals.start();
    await clock.advance(MINUTE / 2);
    await begun.promise;
    const stopped = removals.stop();
    end.resolve();
    await stopped;
    await clock.advance(2 * MINUTE);
    expect([news.gone, provider.asked.length, clock.pending()]).toEqual([['bob'], 1, 0]);
  });

  it('that cannot be seen off keeps no other from leaving', async () => {
    const { erasures, removals } = await gateway();
    for (const user of ['ada', 'bob']) await erasures.begin(user, { user, by: 'person', beganAt: START, erased: {} });
    provider.remove = async (user) => {
      if (user === 'ada') throw new Error('of this one alone');
    };
    await removals.look();
    expect([news.gone, failures]).toEqual([['bob'], [new Error('of this one alone')]]);
  });
});

describe('an erasure', () => {
  it('counts the first word of each service', () => {
    const once = erasedBy({ by: 'person', beganAt: 0, erased: {} }, 'events', { at: 1, counts: {} });
    expect(erasedBy(once, 'events', { at: 2, counts: { more: 1 } })).toBe(once);
  });

  it('is told once', () => {
    const told = announced({ by: 'person', beganAt: 0, erased: {} }, 1);
    expect(announced(told, 2)).toBe(told);
  });
});

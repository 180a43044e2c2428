import { Credential, type Identity } from '@millrace/auth';
import { DomainError } from '@millrace/kernel';
import { VirtualTime } from '@millrace/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { CredentialKeeper, type Kept } from '../ports/credential-keeper';
import type { Revoked } from '../ports/revocations';
import { KnownCredentials } from './known-credentials';
import { WrongCredentials } from './wrong-credentials';

const ID = '01j0zf3v8m4k7q2w9x5y6tbcde';
const textOf = (fill: number, kind: 'key' | 'token' = 'key'): string =>
  Credential.write(kind, `${kind === 'key' ? 'key' : 'tok'}_${ID}`, new Uint8Array(32).fill(fill));
const GOOD = textOf(1);
const BAD = textOf(2);
const CI: Identity['principal'] = { kind: 'key', id: `key_${ID}`, roles: [] };

class OneKey extends CredentialKeeper {
  readonly asked: string[] = [];
  refusal: DomainError | undefined;
  expiresAt = 1_000_000;
  networks: readonly (string | undefined)[] | undefined;
  gate: Promise<void> = Promise.resolve();

  override async resolve({ digest }: Credential): Promise<Kept> {
    this.asked.push(digest);
    const { refusal } = this;
    await this.gate;
    if (refusal !== undefined) throw refusal;
    if (digest !== Credential.read(GOOD)?.digest) throw unknown();
    return { principal: CI, issuedAt: 0, expiresAt: this.expiresAt, allows: (address) => this.networks?.includes(address) ?? true };
  }
}

describe('whom keys and tokens speak for', () => {
  let time: VirtualTime;
  let keeper: OneKey;
  let known: KnownCredentials;
  let revoke: (what: Revoked) => void;
  let wrong: string[];
  let shut: number;

  beforeEach(() => {
    time = new VirtualTime(0);
    keeper = new OneKey();
    [wrong, shut] = [[], 0];
    const limiter = {
      admit: async (name: string, { address = '-' }: { address?: string }) => {
        wrong.push(`${name} ${address}`);
        return undefined;
      },
      shutFor: () => shut,
    };
    known = new KnownCredentials({
      keeper,
      revocations: {
        onRevoked: (listener) => {
          revoke = listener;
          return () => undefined;
        },
      },
      wrong: new WrongCredentials(limiter),
      clock: time,
    });
  });

  const who = async (text = GOOD, address?: string) => (await known.identify(text, { address, place: address })).principal;

  it('is asked once, for all who ask at once and for half a minute', async () => {
    expect(await Promise.all([who(), who(), who()])).toEqual([CI, CI, CI]);
    time.jump(29_999);
    await who();
    expect(keeper.asked).toHaveLength(1);
    time.jump(1);
    await who();
    expect(keeper.asked).toHaveLength(2);
  });

  it('is asked again at once when something happened to the key', async () => {
    await who();
    keeper.refusal = unknown();
    revoke({ kind: 'key', id: 'key_other', at: 0 });
    revoke({ kind: 'session', id: `key_${ID}`, at: 0 });
    expect(await who()).toBe(CI);
    revoke({ kind: 'key', id: `key_${ID}`, at: 0 });
    await expect(who()).rejects.toMatchObject({ code: 'auth.credential_unknown' });
  });

  it('is asked again when something happens to the key while the answer is on its way', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    keeper.gate = promise;
    const first = who();
    revoke({ kind: 'key', id: `key_${ID}`, at: 0 });
    keeper.refusal = unknown();
    resolve();
    await first;
    await expect(who()).rejects.toMatchObject({ code: 'auth.credential_unknown' });
  });

  it('is not what it was before when the asking fails after something happened to the key', async () => {
    await who();
    time.jump(30_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    keeper.gate = promise;
    keeper.refusal = new DomainError('wire.no_one', 'unavailable', 'Nobody listens.');
    const second = expect(who()).rejects.toMatchObject({ code: 'wire.no_one' });
    revoke({ kind: 'key', id: `key_${ID}`, at: 0 });
    resolve();
    await second;
    shut = 1_000;
    await expect(who()).rejects.toMatchObject({ code: 'auth.too_many_wrong' });
  });

  it('is nobody when the time is over, though the answer is kept', async () => {
    keeper.expiresAt = 10_000;
    await who();
    time.jump(10_000);
    await expect(who()).rejects.toMatchObject({ code: 'auth.credential_expired', refusal: 'unauthenticated' });
  });

  it('is nobody from elsewhere', async () => {
    keeper.networks = ['10.0.0.1'];
    expect(await who(GOOD, '10.0.0.1')).toBe(CI);
    for (const address of ['10.0.0.2', undefined]) {
      await expect(who(GOOD, address)).rejects.toMatchObject({ code: 'auth.address_denied', refusal: 'forbidden' });
    }
    expect(wrong).toEqual([]);
  });

  it('is not remembered when nobody could be asked', async () => {
    keeper.refusal = new DomainError('wire.no_one', 'unavailable', 'Nobody listens.');
    await expect(who()).rejects.toMatchObject({ code: 'wire.no_one' });
    keeper.refusal = undefined;
    expect(await who()).toBe(CI);
    expect(wrong).toEqual([]);
  });

  it('counts what proves nobody by where it comes from, and what is no key at all without asking', async () => {
    await expect(who(BAD, 'a')).rejects.toMatchObject({ code: 'auth.credential_unknown' });
    await expect(who(BAD, 'a')).rejects.toMatchObject({ code: 'auth.credential_unknown' });
    await expect(who('mrk_x', 'b')).rejects.toMatchObject({ code: 'auth.credential_malformed', refusal: 'unauthenticated' });
    await expect(who(`${GOOD}0`)).rejects.toMatchObject({ code: 'auth.credential_malformed' });
    expect(wrong).toEqual(['wrong-key a', 'wrong-key a', 'wrong-key b', 'wrong-key -']);
    expect(keeper.asked).toHaveLength(2);
  });

  it('does not look at anything new from where too much was wrong, and goes on with what was good', async () => {
    await who();
    shut = 599_001;
    for (const text of [BAD, 'mrk_x', textOf(3, 'token')]) {
      await expect(who(text)).rejects.toMatchObject({ code: 'auth.too_many_wrong', refusal: 'exhausted', facts: { retryAfter: 600 } });
    }
    expect(keeper.asked).toHaveLength(1);
    time.jump(60_000);
    expect(await who()).toBe(CI);
    keeper.refusal = new DomainError('wire.no_one', 'unavailable', 'Nobody listens.');
    time.jump(60_000);
    await expect(who()).rejects.toMatchObject({ code: 'wire.no_one' });
    keeper.refusal = undefined;
    expect(await who()).toBe(CI);
  });
});

function unknown(): DomainError {
  return new DomainError('auth.credential_unknown', 'unauthenticated', 'It proves nobody.');
}

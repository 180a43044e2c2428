import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { SqliteKeyValue, type Bucket } from '@millrace/messaging';
import { SignInLinks } from '../accounts/sign-in-links';
import { RealmFile } from '../realm/realm';
import { openSecrets, publicKeys } from './issuer-secrets';
import { StoreAdapter } from './store-adapter';

const START = Date.UTC(2026, 10, 21);

class SetClock extends Clock {
  time = START;

  override now(): number {
    return this.time;
  }
}

let clock: SetClock;
let keyValue: SqliteKeyValue;
let bucket: Bucket;

beforeEach(async () => {
  clock = new SetClock();
  keyValue = new SqliteKeyValue({ file: ':memory:', clock });
  bucket = await keyValue.bucket('issuer');
});

afterEach(() => keyValue.close());

const model = (name: string) => new StoreAdapter(name, bucket, clock);

describe('what the provider keeps', () => {
  it('is found again by its id, though the store does not know the id', async () => {
    await model('RefreshToken').upsert('secret', { jti: 'secret', accountId: 'ada' }, 60);
    expect(await model('RefreshToken').find('secret')).toEqual({ jti: 'secret', accountId: 'ada' });
    expect(await model('AccessToken').find('secret')).toBeUndefined();
    const [entry] = await bucket.list('');
    expect(`${entry?.key ?? ''} ${new TextDecoder().decode(entry?.value)}`).not.toContain('secret');
  });

  it('is found by what else names it', async () => {
    await model('Session').upsert('session', { jti: 'session', uid: 'unique' }, 60);
    await model('DeviceCode').upsert('device', { jti: 'device', userCode: 'BBBBCCCC' }, 60);
    expect(await model('Session').findByUid('unique')).toMatchObject({ jti: 'session' });
    expect(await model('DeviceCode').findByUserCode('BBBBCCCC')).toMatchObject({ jti: 'device' });
    expect(await model('Session').findByUid('other')).toBeUndefined();
  });

  it('is gone after its time, and when it is destroyed', async () => {
    await model('Interaction').upsert('short', { jti: 'short' }, 60);
    await model('Interaction').upsert('lasting', { jti: 'lasting' });
    clock.time += 60_000;
    expect(await model('Interaction').find('short')).toBeUndefined();
    expect(await model('Interaction').find('lasting')).toBeDefined();
    await model('Interaction').destroy('lasting');
    expect(await model('Interaction').find('lasting')).toBeUndefined();
  });

  it('is used once: of many at the same time one gets it', async () => {
    const codes = model('AuthorizationCode');
    await codes.upsert('code', { jti: 'code', exp: START / 1000 + 60 }, 60);
    const uses = await Promise.allSettled(Array.from({ length: 5 }, () => codes.consume('code')));
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await codes.find('code')).toMatchObject({ consumed: START / 1000 });
    await expect(codes.consume('code')).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(codes.consume('no such code')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('may be used once without ever ending', async () => {
    await model('RefreshToken').upsert('endless', { jti: 'endless' });
    await model('RefreshToken').consume('endless');
    clock.time += 1e12;
    expect(await model('RefreshToken').find('endless')).toMatchObject({ consumed: START / 1000 });
  });

  it('falls with the grant it came from', async () => {
    for (const [id, grantId] of [
      ['a', 'mine'],
      ['b', 'mine'],
      ['c', 'yours'],
    ] as const) {
      await model('RefreshToken').upsert(id, { jti: id, grantId }, 60);
    }
    await model('RefreshToken').revokeByGrantId('mine');
    const left = await Promise.all(['a', 'b', 'c'].map((id) => model('RefreshToken').find(id)));
    expect(left.map((token) => token?.jti)).toEqual([undefined, undefined, 'c']);
  });

  it('passes faults of the store on', async () => {
    await model('RefreshToken').upsert('token', { jti: 'token' });
    await keyValue.close();
    await expect(model('RefreshToken').consume('token')).rejects.not.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('the secrets of the issuer', () => {
  const realm = (...clients: string[]) => RealmFile.parse({ realm: 'millrace', clients: clients.map((clientId) => ({ clientId })) });

  it('are made once, whoever is first', async () => {
    const [one, other] = await Promise.all([openSecrets(bucket, realm('a')), openSecrets(bucket, realm('a'))]);
    expect(other).toEqual(one);
    expect(await openSecrets(bucket, realm('a'))).toEqual(one);
  });

  it('grow with the realm, and lose nothing', async () => {
    const before = await openSecrets(bucket, realm('a'));
    const after = await openSecrets(bucket, realm('a', 'b'));
    expect(Object.keys(after.clientSecrets)).toEqual(['a', 'b']);
    expect(after.clientSecrets['a']).toBe(before.clientSecrets['a']);
    expect(after.signingKey).toEqual(before.signingKey);
  });

  it('show the public half alone', async () => {
    const { keys } = publicKeys(await openSecrets(bucket, realm()));
    expect(keys).toEqual([
      { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String), kid: expect.any(String), alg: 'ES256', use: 'sig' },
    ]);
  });
});

describe('a sign-in link', () => {
  it('counts once: of many at the same time one gets in', async () => {
    const links = new SignInLinks(bucket);
    const token = await links.mint('usr_ada');
    const redeemed = await Promise.all(Array.from({ length: 5 }, () => links.redeem(token)));
    expect(redeemed.filter((account) => account === 'usr_ada')).toHaveLength(1);
    expect(await links.redeem(token)).toBeUndefined();
  });

  it('counts for an hour', async () => {
    const links = new SignInLinks(bucket);
    const token = await links.mint('usr_ada');
    clock.time += 3_600_000;
    expect(await links.redeem(token)).toBeUndefined();
  });

  it('of nobody is nothing', async () => {
    expect(await new SignInLinks(bucket).redeem('guessed')).toBeUndefined();
  });
});

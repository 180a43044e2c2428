import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { SqliteKeyValue, type Bucket } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { RateLimits } from './rate-limits';
import { SetClock } from './testing/rigging';

const ids = new SystemIds(new SetClock());
let clock: SetClock;
let store: SqliteKeyValue;
let bucket: Bucket;
let rates: RateLimits;

const mails: JsonMap = { name: 'mails', window: 60_000, limit: 3, consumer: 'ada', consume: 1 };
const take = (request: JsonMap = mails, instance = '', workspace = 'ws_1') => rates.take(workspace, instance, request);

beforeEach(async () => {
  clock = new SetClock();
  store = new SqliteKeyValue({ file: ':memory:', clock });
  bucket = await store.bucket('rates');
  rates = new RateLimits(bucket, clock, ids);
});

afterEach(async () => {
  await store.close();
});

describe('a rate limit', () => {
  it('counts down, refuses, and says in seconds when to come back', async () => {
    const answers = [await take(), await take(), await take(), await take()];
    expect(answers.map((answer) => (answer as JsonMap)['remaining'])).toEqual([2, 1, 0, 0]);
    expect(answers[2]).toEqual({ ok: true, limit: 3, remaining: 0, retryAfter: 0, window: 60, consumer: 'ada' });
    expect(answers[3]).toEqual({ ok: false, limit: 3, remaining: 0, retryAfter: 20, window: 60, consumer: 'ada' });
    clock.time += 20_000;
    expect([await take(), await take()]).toMatchObject([{ ok: true }, { ok: false, retryAfter: 20 }]);
  });

  it('is per workspace, instance, name and consumer, whatever these are called', async () => {
    const one = { ...mails, limit: 1 };
    const others = [
      take({ ...one, consumer: 'ö/ '.repeat(200) }),
      take({ ...one, name: 'calls' }),
      take(one, 'crm'),
      take(one, '', 'ws_2'),
    ];
    for (const answer of [take(one), ...others]) expect(await answer).toMatchObject({ ok: true });
    expect(await take(one)).toMatchObject({ ok: false });
  });

  it('takes one for nobody in particular when no more is said', async () => {
    expect(await take({ window: 1_000, limit: 2 })).toMatchObject({ ok: true, remaining: 1, consumer: '' });
    expect(await take({ name: 7, consumer: 8, window: 1_000, limit: 2 })).toMatchObject({ ok: true, consumer: '8' });
  });

  it('writes nothing when nothing is taken, and forgets a bucket that is full', async () => {
    await take({ ...mails, consume: 0 });
    await take({ ...mails, consume: 4 });
    expect(await bucket.list('')).toEqual([]);
    await take();
    expect(await bucket.list('')).toHaveLength(1);
    clock.time += 20_000;
    expect(await bucket.list('')).toEqual([]);
  });

  it('gives no more than there is to many who come at once, here and elsewhere', async () => {
    const elsewhere = new RateLimits(bucket, clock, ids);
    const request = { ...mails, limit: 7 };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? rates : elsewhere).take('ws_1', '', request)),
    );
    expect(answers.filter((answer) => (answer as JsonMap)['ok'])).toHaveLength(7);
  });
});

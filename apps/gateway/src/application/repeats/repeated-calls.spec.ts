import { DomainError } from '@millrace/kernel';
import { SqliteKeyValue, type Bucket } from '@millrace/messaging';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Lines } from '../../../testing/lines';
import { KeyValueCallRecords } from '../../infrastructure/repeats/key-value-call-records';
import { AesSeal } from '../../infrastructure/sealing/aes-seal';
import { RepeatedCalls, type RepeatableCall } from './repeated-calls';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const KEY = 'order-4711-of-the-mill';

describe('a call with a key', () => {
  const clock = { time: NOW, now: () => clock.time };
  const log = new Lines();
  let keyValue: SqliteKeyValue;
  let bucket: Bucket;
  let made: number;

  beforeEach(async () => {
    clock.time = NOW;
    made = 0;
    keyValue = new SqliteKeyValue({ file: ':memory:', clock });
    bucket = await keyValue.bucket('idempotency');
  });

  afterEach(async () => {
    await keyValue.close();
  });

  const callsOn = async (on: Bucket = bucket): Promise<RepeatedCalls> => {
    const seal = await AesSeal.open(await keyValue.bucket('cursors'));
    return new RepeatedCalls({ records: new KeyValueCallRecords(on, seal), clock, log });
  };
  const call = (more: Partial<RepeatableCall> = {}): RepeatableCall => ({
    name: { caller: 'user anna', route: 'POST /v1/workspaces', key: KEY },
    request: 'digest',
    deadline: clock.time + 30_000,
    isHarmless: false,
    ...more,
  });
  const make = async (): Promise<string> => `{"made":${++made}}`;
  const failing = (error: unknown) => () => Promise.reject(error);
  /** The bucket, with something in place of some of its methods. */
  const bucketWith = (instead: Partial<Bucket>): Bucket => Object.assign(Object.create(bucket) as Bucket, instead);
  const away = (): Promise<never> => Promise.reject(new DomainError('kv.unavailable', 'unavailable', 'Away.'));

  it('is made once: whoever repeats it, at any gateway, gets the first answer', async () => {
    const [one, other] = [await callsOn(), await callsOn()];
    expect(await one.once(call(), make)).toEqual({ answer: '{"made":1}', isReplay: false });
    expect(await other.once(call(), make)).toEqual({ answer: '{"made":1}', isReplay: true });
    expect(made).toBe(1);
  });

  it('is known for 24 hours', async () => {
    const calls = await callsOn();
    await calls.once(call(), make);
    clock.time += DAY - 2_000;
    expect(await calls.once(call(), make)).toMatchObject({ isReplay: true });
    clock.time += 4_000;
    expect(await calls.once(call(), make)).toEqual({ answer: '{"made":2}', isReplay: false });
  });

  it.each([
    ['caller', { caller: 'user bob', route: 'POST /v1/workspaces', key: KEY }],
    ['route', { caller: 'user anna', route: 'POST /v1/other', key: KEY }],
    ['key', { caller: 'user anna', route: 'POST /v1/workspaces', key: 'another' }],
  ])('is another call with another %s', async (_, name) => {
    const calls = await callsOn();
    await calls.once(call(), make);
    expect(await calls.once(call({ name }), make)).toEqual({ answer: '{"made":2}', isReplay: false });
  });

  it('is refused when it asks for something else', async () => {
    const calls = await callsOn();
    await calls.once(call(), make);
    await expect(calls.once(call({ request: 'other' }), make)).rejects.toMatchObject({ code: 'api.idempotency_key_reused' });
  });

  it('has no answer while the first one is at work, and that one’s answer then', async () => {
    const calls = await callsOn();
    const { promise, resolve } = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<undefined>();
    const first = calls.once(call(), () => {
      begun.resolve(undefined);
      return promise;
    });
    await begun.promise;
    await expect(calls.once(call(), make)).rejects.toMatchObject({ code: 'api.idempotency_running', facts: { retryAfter: 1 } });
    resolve('"done"');
    await first;
    expect(await calls.once(call(), make)).toEqual({ answer: '"done"', isReplay: true });
    expect(made).toBe(0);
  });

  it('is made once of many at the same moment', async () => {
    const calls = await callsOn();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => calls.once(call(), make)));
    expect(made).toBe(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value.answer).toBe('{"made":1}');
      else expect(outcome.reason).toMatchObject({ code: 'api.idempotency_running' });
    }
  });

  it.each(['invalid', 'forbidden', 'not-found', 'conflict', 'exhausted'] as const)(
    'may be made again after it was refused as %s',
    async (refusal) => {
      const calls = await callsOn();
      await expect(calls.once(call(), failing(new DomainError('x.y', refusal, 'No.')))).rejects.toMatchObject({ code: 'x.y' });
      expect(await calls.once(call(), make)).toEqual({ answer: '{"made":1}', isReplay: false });
    },
  );

  it('may be made again when nobody was there to take it', async () => {
    const calls = await callsOn();
    const nobody = new DomainError('wire.no_one_listens', 'unavailable', 'Nobody.');
    await expect(calls.once(call(), failing(nobody))).rejects.toBe(nobody);
    expect(await calls.once(call(), make)).toMatchObject({ isReplay: false });
  });

  it.each([
    ['no answer came in time', new DomainError('wire.timeout', 'unavailable', 'Late.')],
    ['it failed', new TypeError('A fault.')],
  ])('is never made again when nobody knows how it went: %s', async (_, error) => {
    const calls = await callsOn();
    await expect(calls.once(call(), failing(error))).rejects.toBe(error);
    await expect(calls.once(call(), make)).rejects.toMatchObject({ code: 'api.idempotency_answer_unknown' });
    expect(made).toBe(0);
  });

  it('is never made again after its gateway died over it', async () => {
    const dying = await callsOn();
    void dying.once(call(), () => new Promise(() => undefined));
    const calls = await callsOn();
    await expect(calls.once(call(), make)).rejects.toMatchObject({ code: 'api.idempotency_running' });
    clock.time += 30_001;
    await expect(calls.once(call(), make)).rejects.toMatchObject({ code: 'api.idempotency_answer_unknown' });
  });

  it('is made again then, where the service itself knows the repeat', async () => {
    const calls = await callsOn();
    await expect(calls.once(call({ isHarmless: true }), failing(new TypeError('A fault.')))).rejects.toThrow('A fault.');
    expect(await calls.once(call({ isHarmless: true }), make)).toEqual({ answer: '{"made":1}', isReplay: false });
    expect(await calls.once(call({ isHarmless: true }), make)).toMatchObject({ isReplay: true });
  });

  it('is made when the first one was forgotten just as it was asked for', async () => {
    let [first, asked] = [true, 0];
    const calls = await callsOn(
      bucketWith({
        putIf: async (...put) => {
          if (first) throw new DomainError('kv.revision_conflict', 'conflict', 'Somebody was faster.');
          return bucket.putIf(...put);
        },
        get: async (key) => {
          [first, asked] = [false, asked + 1];
          return bucket.get(key);
        },
      }),
    );
    expect(await calls.once(call(), make)).toEqual({ answer: '{"made":1}', isReplay: false });
    expect(asked).toBe(1);
  });

  it('is made again by one of several that find nobody at it', async () => {
    const calls = await callsOn();
    await expect(calls.once(call({ isHarmless: true }), failing(new TypeError('A fault.')))).rejects.toThrow('A fault.');
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => calls.once(call({ isHarmless: true }), make)));
    expect(made).toBe(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value.answer).toBe('{"made":1}');
      else expect(outcome.reason).toMatchObject({ code: 'api.idempotency_running' });
    }
  });

  it('is not made at all while it cannot be noted', async () => {
    const calls = await callsOn(bucketWith({ putIf: away }));
    await expect(calls.once(call(), make)).rejects.toMatchObject({ code: 'api.idempotency_unavailable', refusal: 'unavailable' });
    expect(made).toBe(0);
  });

  it('is answered although its answer cannot be kept; nobody makes it again', async () => {
    const calls = await callsOn(
      bucketWith({ putIf: (key, value, revision, options) => (revision > 0 ? away() : bucket.putIf(key, value, revision, options)) }),
    );
    expect(await calls.once(call(), make)).toEqual({ answer: '{"made":1}', isReplay: false });
    expect(log.lines.at(-1)).toMatchObject({ level: 'warn' });
    clock.time += 30_001;
    await expect((await callsOn()).once(call(), make)).rejects.toMatchObject({ code: 'api.idempotency_answer_unknown' });
  });

  it('is not made again because its answer is too large to be kept', async () => {
    const calls = await callsOn();
    await calls.once(call(), async () => JSON.stringify('x'.repeat(1_048_576)));
    await expect(calls.once(call(), make)).rejects.toMatchObject({ code: 'api.idempotency_answer_unknown' });
  });

  it('leaves nothing in the store that could be read there: neither key, nor answer, nor who asked', async () => {
    await (await callsOn()).once(call(), async () => '{"secret":"mrk_shown_once"}');
    const [entry] = await bucket.list('');
    const kept = `${entry?.key ?? ''} ${Buffer.from(entry?.value ?? []).toString('latin1')}`;
    expect(kept).toContain('digest');
    for (const secret of [KEY, 'mrk_shown', 'anna', 'workspaces']) expect(kept).not.toContain(secret);
  });
});

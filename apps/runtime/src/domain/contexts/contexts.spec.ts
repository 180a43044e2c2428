import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import { applyWrite, type LoadRequest } from '@millrace/language';
import fc from 'fast-check';
import { correlationOf, holdersAfter, lifetimeOf, transienceOf, type Holding } from './lifetimes';
import { patchWrites } from './merge-patch';
import { take } from './rate';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOBODY: Holding = { holders: [], now: 0 };
const name = (context: LoadRequest['context'], owner = ''): LoadRequest => ({ context, instance: '', owner });

describe('how long a context lives after a write', () => {
  it('is for ever for those of the workspace and of people', () => {
    expect(['global', 'config', 'user'].map((context) => lifetimeOf(context as 'user', undefined, NOBODY))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is an hour for a session of somebody unknown, and longer than a session lasts for one who signed in', () => {
    expect(lifetimeOf('session', 'anonymous', NOBODY)).toBe(HOUR);
    expect(lifetimeOf('session', undefined, NOBODY)).toBeGreaterThan(30 * DAY);
  });

  it('is six hours for a socket', () => {
    expect(lifetimeOf('socket', undefined, NOBODY)).toBe(6 * HOUR);
  });

  it('is a minute more than a run may be in hand, or may come back, for what lives with a correlation', () => {
    expect(lifetimeOf('run', 'correlation', NOBODY)).toBe(6 * MINUTE);
    expect(lifetimeOf('run', 'correlation', { ...NOBODY, inHand: MINUTE })).toBe(2 * MINUTE);
    expect(lifetimeOf('user', 'correlation', { holders: [{ run: 'run_1', until: DAY }], now: HOUR, inHand: MINUTE })).toBe(
      23 * HOUR + MINUTE,
    );
  });

  it('hangs on the runs that may come back, each until its time is over or it ends', () => {
    const [one, other] = [
      { run: 'run_1', until: 2 },
      { run: 'run_2', until: 9 },
    ];
    expect(holdersAfter([one], 'run_2', { until: 9 }, 1)).toEqual([one, other]);
    expect(holdersAfter([one, other], undefined, {}, 2)).toEqual([other]);
    expect(holdersAfter([one, other], 'run_2', {}, 1)).toEqual([one]);
  });
});

describe('why a context lives shorter', () => {
  it('is the correlation for `run`, and for what it owns', () => {
    expect(transienceOf(name('run', 'cor_1'), {}, undefined)).toBe('correlation');
    expect(transienceOf(name('user', 'correlation:cor_1'), {}, undefined)).toBe('correlation');
    expect(transienceOf(name('user', 'ada'), {}, undefined)).toBeUndefined();
    expect(transienceOf(name('global'), {}, undefined)).toBeUndefined();
  });

  it('is told by its name', () => {
    expect([name('run', 'cor_1'), name('session', 'correlation:cor_1'), name('user', 'ada')].map(correlationOf)).toEqual([
      'cor_1',
      'cor_1',
      undefined,
    ]);
  });

  it('is that nobody signed in, for a session, until somebody does', () => {
    expect(transienceOf(name('session', 'ses_1'), { anonymous: true }, undefined)).toBe('anonymous');
    expect(transienceOf(name('session', 'ses_1'), {}, 'anonymous')).toBe('anonymous');
    expect(transienceOf(name('session', 'ses_1'), { anonymous: false }, 'anonymous')).toBeUndefined();
    expect(transienceOf(name('user', 'ada'), { anonymous: true }, undefined)).toBeUndefined();
  });
});

/** The algorithm as RFC 7396 writes it. */
function mergePatch(target: Json | undefined, patch: Json): Json {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = new Map(Object.entries(typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, mergePatch(result.get(key), value));
  }
  return Object.fromEntries(result);
}

it('a merge patch as writes gives what RFC 7396 says', () => {
  const { document } = fc.letrec<{ document: JsonMap; value: Json }>((tie) => ({
    document: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { noNullPrototype: true }),
    value: fc.oneof({ maxDepth: 3 }, fc.constantFrom<Json>(null, 1, 'x', [1, null]), tie('document')),
  }));
  fc.assert(
    fc.property(document, document, (value, patch) => {
      const writes = patchWrites(name('global'), value, patch);
      expect(writes.reduce<JsonMap>((so, write) => applyWrite(so, write).value, value)).toEqual(mergePatch(value, patch));
    }),
  );
});

describe('a rate bucket', () => {
  const rate = { limit: 4, window: 1_000 };

  it('gives all at once, then one each time it has filled by one', () => {
    const first = take(undefined, rate, 4, 5_000);
    expect(first).toEqual({ ok: true, remaining: 0, retryAfter: 0, fullAt: 6_000 });
    expect(take(first.fullAt, rate, 1, 5_000)).toEqual({ ok: false, remaining: 0, retryAfter: 250, fullAt: 6_000 });
    expect(take(first.fullAt, rate, 1, 5_250)).toEqual({ ok: true, remaining: 0, retryAfter: 0, fullAt: 6_250 });
    expect(take(first.fullAt, rate, 0, 5_500)).toEqual({ ok: true, remaining: 2, retryAfter: 0, fullAt: 6_000 });
    expect(take(first.fullAt, rate, 0, 9_000)).toMatchObject({ remaining: 4 });
  });

  it('without a window is full again at once', () => {
    const taken = take(undefined, { limit: 2, window: 0 }, 2, 5_000);
    expect(taken).toMatchObject({ ok: true, remaining: 0 });
    expect(take(taken.fullAt, { limit: 2, window: 0 }, 2, 5_001)).toMatchObject({ ok: true });
  });

  it('never gives more in any time than its limit and what filled up meanwhile', () => {
    const asked = fc.array(fc.record({ consume: fc.nat(3), wait: fc.nat(700) }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), asked, (limit, list) => {
        let fullAt: number | undefined;
        let now = 1_700_000_000_000;
        const given: { at: number; count: number }[] = [];
        for (const { consume, wait } of list) {
          now += wait;
          const taken = take(fullAt, { limit, window: 1_000 }, consume, now);
          fullAt = taken.fullAt;
          if (taken.ok) given.push({ at: now, count: consume });
        }
        for (const [index, { at }] of given.entries()) {
          let sum = 0;
          for (const later of given.slice(index)) {
            sum += later.count;
            expect(sum).toBeLessThanOrEqual(limit + ((later.at - at) * limit) / 1_000 + 0.01);
          }
        }
      }),
    );
  });
});

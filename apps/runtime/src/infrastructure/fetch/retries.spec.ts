import { describe, expect, it } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { defaultPolicy, isRetried, matchesStatus, pauseAfter, retryAfter } from './retries';
import type { Tried } from './retries';

class At extends Clock {
  override now(): number {
    return Date.UTC(2026, 0, 1);
  }
}

const POLICY = defaultPolicy('GET', false);

const answered = (status: number): Tried => ({ outcome: { value: {} }, status });
const failed = (code: string): Tried => ({ outcome: { error: { code } } });

describe('the default policy', () => {
  it('is three attempts where doing it twice is doing it once', () => {
    expect(['GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'PATCH'].map((method) => defaultPolicy(method, false).attempts)).toEqual([
      3, 3, 3, 3, 1, 1,
    ]);
    expect(['POST', 'PATCH'].map((method) => defaultPolicy(method, true).attempts)).toEqual([3, 3]);
  });

  it('repeats on no answer and on answers that say "later"', () => {
    expect([429, 502, 503, 504, 200, 404, 500, 501].filter((status) => isRetried(answered(status), POLICY))).toEqual([429, 502, 503, 504]);
    const codes = ['fetch_unreachable', 'step_timeout', 'fetch_refused', 'fetch_too_large', 'fetch_status'].map(
      (name) => `runtime.${name}`,
    );
    expect(codes.filter((code) => isRetried(failed(code), POLICY))).toEqual(['runtime.fetch_unreachable', 'runtime.step_timeout']);
  });
});

describe('a policy of one’s own', () => {
  it('repeats on its codes and statuses instead', () => {
    const policy = { ...POLICY, on: ['5xx', '418', 'runtime.fetch_status'] };
    expect([418, 429, 500, 503, 404].filter((status) => isRetried(answered(status), policy))).toEqual([418, 500, 503]);
    expect(isRetried(failed('runtime.fetch_unreachable'), policy)).toBe(false);
    expect(isRetried({ ...failed('runtime.fetch_status'), status: 404 }, policy)).toBe(true);
  });
});

describe('matchesStatus', () => {
  it('knows numbers, texts and classes', () => {
    expect(([200, '200', ' 2XX ', '2xx'] as const).every((pattern) => matchesStatus(pattern, 200))).toBe(true);
    expect((['201', '3xx', '2x', 'xx', '6xx', ''] as const).some((pattern) => matchesStatus(pattern, 200))).toBe(false);
  });
});

describe('the pause', () => {
  it('doubles, up to the longest', () => {
    expect([1, 2, 3, 4].map((attempt) => pauseAfter(attempt, { ...POLICY, maxDelay: 5000 }, undefined, 0.5))).toEqual([
      1000, 2000, 4000, 5000,
    ]);
  });

  it('swings by the jitter', () => {
    expect([0, 0.5, 1].map((chance) => Math.round(pauseAfter(1, POLICY, undefined, chance)))).toEqual([800, 1000, 1200]);
  });

  it('is what the other side asks for, up to the longest', () => {
    expect(pauseAfter(1, POLICY, 7000, 0)).toBe(7000);
    expect(pauseAfter(1, POLICY, 0, 0)).toBe(0);
    expect(pauseAfter(1, POLICY, 3_600_000, 0)).toBe(300_000);
  });

  it('is never longer than a timer can be', () => {
    expect(pauseAfter(100, { ...POLICY, maxDelay: Number.MAX_VALUE }, undefined, 0.5)).toBe(2_147_483_647);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['2026', 2_026_000],
    ['Xyz, nonsense', undefined],
    [undefined, undefined],
  ])('of "%s" is %s milliseconds', (header, milliseconds) => {
    expect(retryAfter(header, new At())).toBe(milliseconds);
  });
});

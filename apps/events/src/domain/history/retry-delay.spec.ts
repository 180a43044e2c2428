import { describe, expect, it } from '@jest/globals';
import { retryDelay } from './retry-delay';

describe('the wait before the store is asked again', () => {
  it('doubles from half a second to half a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map((attempt) => retryDelay(attempt, 0.5))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('is spread by a fifth either way', () => {
    expect(retryDelay(2, 0)).toBe(800);
    expect(retryDelay(2, 1)).toBe(1_200);
  });
});

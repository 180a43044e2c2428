import { describe, expect, it } from '@jest/globals';
import { alertAt, cutForSize } from './cut';

const held = (bytes: number) => ({ first: 101n, last: 1_100n, bytes, capacity: 1_000 });

describe('the cut of the log', () => {
  it('takes nothing while the log is as large as it should be', () => {
    expect(cutForSize(held(0))).toBe(101n);
    expect(cutForSize(held(450))).toBe(101n);
  });

  it('takes the oldest share that is too much', () => {
    expect(cutForSize(held(900))).toBe(601n);
    expect(cutForSize(held(1_000))).toBe(651n);
    expect(cutForSize({ first: 11n, last: 10n, bytes: 900, capacity: 1_000 })).toBe(11n);
  });

  it('knows when somebody is to be told', () => {
    expect([0, 499, 500, 799, 800, 2_000].map((bytes) => alertAt(held(bytes)))).toEqual([0, 0, 0.5, 0.5, 0.8, 0.8]);
  });
});

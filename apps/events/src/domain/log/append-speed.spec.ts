import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppendSpeed } from './append-speed';

describe('the log', () => {
  let speed: AppendSpeed;
  let now: number;

  beforeEach(() => {
    speed = new AppendSpeed();
    now = 1_000_000;
  });

  /** Asks, and appends one that takes so long; answers whether the log was slow before. */
  function append(took: number): boolean {
    const isSlow = speed.isSlow(now);
    const end = speed.begin(now);
    now += took;
    end(now);
    return isSlow;
  }

  it('is slow when appends have taken more than two seconds for ten', () => {
    expect([0, 1, 2, 3, 4].map(() => append(2_500))).toEqual([false, false, false, false, false]);
    expect(append(2_500)).toBe(true);
  });

  it('is not while fewer than one in a hundred are', () => {
    const answers = Array.from({ length: 2_000 }, (_, index) => append(index % 200 === 0 ? 2_001 : 1));
    expect(answers).not.toContain(true);
  });

  it('is not for one that was slow, nor for some that were exactly as slow as they may be', () => {
    append(30_000);
    now += 9_000;
    expect(append(10)).toBe(false);
    now += 20_000;
    expect(Array.from({ length: 20 }, () => append(2_000))).not.toContain(true);
  });

  it('is slow while it answers nothing at all, and no longer when it does', () => {
    const ends = [speed.begin(now), speed.begin(now)];
    now += 2_001;
    expect(speed.isSlow(now)).toBe(false);
    now += 10_000;
    expect(speed.isSlow(now)).toBe(true);
    for (const end of ends) end(now);
    now += 9_000;
    expect(speed.isSlow(now)).toBe(true);
    now += 2_000;
    expect(speed.isSlow(now)).toBe(false);
  });
});

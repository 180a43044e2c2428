import { describe, expect, it } from '@jest/globals';
import { take } from './gcra';
import { rateOf, tenthOf } from './rate';

const MINUTE = 60_000;

describe('a rate', () => {
  const tenAMinute = rateOf(10, MINUTE);

  it('admits as many at once as its burst after a rest, then one an interval', () => {
    let time = 0;
    for (let nth = 1; nth <= 10; nth++) {
      const { time: next, standing } = take(tenAMinute, time, 1_000);
      expect(standing).toEqual({ admitted: true, remaining: 10 - nth, reset: nth * 6_000, wait: 0 });
      time = next;
    }
    expect(take(tenAMinute, time, 1_000).standing).toEqual({ admitted: false, remaining: 0, reset: MINUTE, wait: 6_000 });
    expect(take(tenAMinute, time, 6_999).standing).toMatchObject({ admitted: false, wait: 1 });
    expect(take(tenAMinute, time, 7_000).standing).toMatchObject({ admitted: true, remaining: 0 });
  });

  it('moves no timestamp for what it refuses', () => {
    expect(take(rateOf(1, MINUTE), MINUTE, 0).time).toBe(MINUTE);
  });

  it('has a burst of its own where one is set', () => {
    const rate = rateOf(60, MINUTE, 2);
    const [first, second] = [take(rate, 0, 0), take(rate, 1_000, 0)];
    expect([first.standing.admitted, second.standing.admitted]).toEqual([true, true]);
    expect(take(rate, second.time, 0).standing).toMatchObject({ admitted: false, wait: 1_000 });
  });

  it('lets nobody wait longer than itself when the clock is put back, and nobody in for it', () => {
    let time = 10 * MINUTE;
    for (let nth = 0; nth < 10; nth++) time = take(tenAMinute, time, 10 * MINUTE).time;
    const { standing } = take(tenAMinute, time, 0);
    expect(standing).toMatchObject({ admitted: false, wait: 6_000 });
    expect(take(tenAMinute, time, -60 * MINUTE).standing).toMatchObject({ admitted: false, wait: 6_000 });
  });

  it('is at a tenth slow, but not shut', () => {
    expect(tenthOf(tenAMinute)).toEqual(rateOf(10, 10 * MINUTE, 1));
    expect(tenthOf(rateOf(5, MINUTE))).toEqual(rateOf(5, 10 * MINUTE, 1));
  });
});

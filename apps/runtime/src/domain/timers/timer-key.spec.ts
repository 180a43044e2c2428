import { describe, expect, it } from '@jest/globals';
import { backOff } from './back-off';
import { keptTime, minuteOf, minutePrefix, prefixesOf, readTimerKey, startOf, timerKey } from './timer-key';

describe('the key of a timer', () => {
  it('sorts by time, and gives back what it was made of', () => {
    const due = Date.UTC(2026, 5, 1, 12, 0, 30, 250);
    const timer = { minute: minuteOf(due), due, name: 'run_1/lease' };
    const key = timerKey(timer);
    expect(readTimerKey(key)).toEqual(timer);
    expect(key.startsWith(minutePrefix(timer.minute))).toBe(true);
    expect(startOf(timer.minute)).toBe(Date.UTC(2026, 5, 1, 12));
    expect(timerKey({ minute: 99, due: startOf(99), name: 'z' }) < timerKey({ minute: 100, due: startOf(100), name: 'a' })).toBe(true);
  });

  it.each(['swept', '29649600', '29649600/1', '2964960/1778976000000/a', '29649600/1778976000000/'])('is not %j', (key) => {
    expect(readTimerKey(key)).toBeUndefined();
  });

  it('keeps any time, a far one as the farthest it can say', () => {
    expect([keptTime(-5), keptTime(0.2), keptTime(1e15)]).toEqual([0, 1, 5_999_999_999_999]);
    expect(minutePrefix(minuteOf(keptTime(Infinity)))).toBe('99999999/');
  });
});

describe('prefixesOf', () => {
  it.each([
    [7, 7, ['00000007']],
    [8, 7, []],
    [95, 112, ['00000095', '00000096', '00000097', '00000098', '00000099', '0000010', '00000110', '00000111', '00000112']],
    [29_000_000, 29_999_999, ['29']],
    [0, 99_999_999, ['']],
  ])('covers %d to %d', (from, to, expected) => {
    expect(prefixesOf(from, to)).toEqual(expected);
  });

  it('covers each minute of a range once and no other, with few prefixes', () => {
    for (const [from, to] of [
      [12_345, 23_456],
      [990, 1_013],
      [1, 10_000],
    ] as const) {
      const prefixes = prefixesOf(from, to);
      const covering = (minute: number) => prefixes.filter((prefix) => minutePrefix(minute).startsWith(prefix)).length;
      for (let minute = from; minute <= to; minute++) expect(covering(minute)).toBe(1);
      expect([covering(from - 1), covering(to + 1)]).toEqual([0, 0]);
      expect(prefixes.length).toBeLessThanOrEqual(72);
    }
  });
});

describe('backOff', () => {
  it('doubles from a second to a minute', () => {
    expect([0, 1, 2, 3, 6, 7, 50].map(backOff)).toEqual([1_000, 1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
  });
});

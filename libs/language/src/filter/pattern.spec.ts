import { describe, expect, it } from '@jest/globals';
import { isEventName, isOpenPattern, isPattern, matchesPattern } from './pattern';

describe('matchesPattern', () => {
  it.each([
    ['orders.paid', 'orders.paid', true],
    ['orders.paid', 'orders.paid.late', false],
    ['orders.*', 'orders.paid', true],
    ['orders.*', 'orders', false],
    ['orders.*', 'orders.paid.late', false],
    ['*.paid', 'orders.paid', true],
    ['orders.*.paid', 'orders.web.paid', true],
    ['orders.*.paid', 'orders.web.sent', false],
    ['orders.>', 'orders.web.paid', true],
    ['orders.>', 'orders', false],
    ['>', 'orders', true],
  ])('%s against %s is %s', (pattern, type, expected) => {
    expect(matchesPattern(pattern, type)).toBe(expected);
  });
});

describe('names and patterns', () => {
  it('accepts one to eight tokens of letters, digits, _ and -', () => {
    expect(['a', 'a.b_c.d-e', '1.2.3.4.5.6.7.8'].map(isEventName)).toEqual([true, true, true]);
    expect(['', 'a..b', '_a', 'a b', 'a.*', '1.2.3.4.5.6.7.8.9', 'x'.repeat(41)].map(isEventName)).not.toContain(true);
  });

  it('accepts * for a token and > at the end of a pattern', () => {
    expect(['a', '*', '>', 'a.*.b', 'a.>'].map(isPattern)).toEqual([true, true, true, true, true]);
    expect(['a.>.b', 'a*', 'a.**', ''].map(isPattern)).toEqual([false, false, false, false]);
  });

  it('tells a pattern from a plain name', () => {
    expect(['a.b', 'a*b', 'a.*', '>', 'a.>', '*.b'].map(isOpenPattern)).toEqual([false, false, true, true, true, true]);
  });
});

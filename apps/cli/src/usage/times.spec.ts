import { describe, expect, it } from '@jest/globals';
import { durationOf, momentOf } from './times';

const NOON = Date.parse('2027-03-28T12:00:00Z');

describe('a length of time', () => {
  it.each([
    ['200ms', 200],
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['PT1H30M', 5_400_000],
    ['P1DT0.5S', 86_400_500],
  ])('is %s: %d ms', (text, milliseconds) => {
    expect(durationOf(text)).toBe(milliseconds);
  });

  it.each(['', '5', 'h', 'P', 'PT', '-1h', '1h30m', 'soon'])('is not "%s"', (text) => {
    expect(() => durationOf(text)).toThrow(expect.objectContaining({ code: 'cli.usage' }));
  });
});

describe('a moment', () => {
  it.each([
    ['-1h', '2027-03-28T11:00:00.000Z'],
    ['2027-03-28T14:00:00+02:00', '2027-03-28T12:00:00.000Z'],
    ['2027-03-28', '2027-03-28T00:00:00.000Z'],
  ])('is %s: %s', (text, moment) => {
    expect(momentOf(text, NOON)).toBe(moment);
  });

  it.each(['', '1h', '-soon', 'yesterday', '12:00', '2027-99-99'])('is not "%s"', (text) => {
    expect(() => momentOf(text, NOON)).toThrow(expect.objectContaining({ code: 'cli.usage' }));
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextWall, parseCron } from './cron';
import { durationOf } from './duration';
import { formatInstant } from './format';
import { instantFrom, isoOf } from './instant';
import { add, difference, startOf, UNITS } from './units';
import type { Unit } from './units';
import { instantOf, instantsOf, isZone, offsetAt } from './zone';

const iso = (text: string): number => Date.parse(text);

describe('a duration', () => {
  it.each<[unknown, number | undefined]>([
    [90, 90_000],
    [0, 0],
    ['90', 90_000],
    [' 1.5 ', 1500],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['2w1d', 1_296_000_000],
    ['250ms', 250],
    ['0.5h', 1_800_000],
    ['P7D', 604_800_000],
    ['P1W', 604_800_000],
    ['PT1H30M', 5_400_000],
    ['P1DT12H', 129_600_000],
    ['PT0.5S', 500],
    ['1.001s', 1001],
    ['0.1ms', 0],
    ['PT1.001S', 1001],
    [1.001, 1001],
    [-1, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [true, undefined],
    [null, undefined],
    ['', undefined],
    ['1 h', undefined],
    ['soon', undefined],
    ['P', undefined],
    ['PT', undefined],
    ['P1DT', undefined],
    ['P1Y', undefined],
    ['1y', undefined],
  ])('%j is %j ms', (value, expected) => {
    expect(durationOf(value)).toBe(expected);
  });

  it('counts a bare number in the unit that is asked for', () => {
    expect([durationOf(90, 1), durationOf('90', 1), durationOf('90s', 1)]).toEqual([90, 90, 90_000]);
  });
});

describe('an instant', () => {
  it.each<[string | number | boolean, string | undefined]>([
    ['2026', '2026-01-01T00:00:00.000Z'],
    ['2026-03', '2026-03-01T00:00:00.000Z'],
    ['2026-03-04', '2026-03-04T00:00:00.000Z'],
    ['2026-03-04T05:06', '2026-03-04T05:06:00.000Z'],
    ['2026-03-04 05:06:07,89', '2026-03-04T05:06:07.890Z'],
    ['2026-03-04T05:06:07.123456789z', '2026-03-04T05:06:07.123Z'],
    ['2026-01-01T00:00:01.001Z', '2026-01-01T00:00:01.001Z'],
    ['2026-03-04T05:06-02', '2026-03-04T07:06:00.000Z'],
    ['2026-03-04T05:06+0130', '2026-03-04T03:36:00.000Z'],
    ['2026-03-04T24:00Z', '2026-03-05T00:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    [1.9, '1970-01-01T00:00:00.001Z'],
    ['2026-02-29', undefined],
    ['2026-13-01', undefined],
    ['2026-01-01T24:01', undefined],
    ['2026-01-01T10:60', undefined],
    ['2026-01-01T10:00:60', undefined],
    ['tomorrow', undefined],
    [true, undefined],
    [8.64e15 + 1, undefined],
    [Number.NaN, undefined],
  ])('%j is %j', (value, expected) => {
    const instant = instantFrom(value);
    expect(instant === undefined ? undefined : isoOf(instant)).toBe(expected);
  });

  it('is read as it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(0, 0), max: Date.UTC(9999, 0) }), (instant) => {
        expect(instantFrom(isoOf(instant))).toBe(instant);
      }),
    );
  });
});

describe('a formatted instant', () => {
  const format = (tokens: string, { at = '2026-03-04T15:06:07.089Z', locale = 'en', zone = 'UTC' } = {}): string =>
    formatInstant(iso(at), tokens, locale, zone);

  it.each([
    ['YYYY YY M MM D DD', '2026 26 3 03 4 04'],
    ['H HH h hh k kk m mm s ss SSS', '15 15 3 03 15 15 6 06 7 07 089'],
    ['a A Q d dd ddd dddd', 'pm PM 1 3 We Wed Wednesday'],
    ['MMM MMMM Do', 'Mar March 4th'],
    ['Z ZZ X x', '+00:00 +0000 1772636767 1772636767089'],
    ['[YYYY] YYYY [it is L]', 'YYYY 2026 it is L'],
    ['L | LL | LLL | LLLL', '03/04/2026 | March 4, 2026 | March 4, 2026 3:06 PM | Wednesday, March 4, 2026 3:06 PM'],
    ['l | ll | lll | llll', '3/4/2026 | Mar 4, 2026 | Mar 4, 2026 3:06 PM | Wed, Mar 4, 2026 3:06 PM'],
    ['LT LTS', '3:06 PM 3:06:07 PM'],
  ])('by %s is %s', (tokens, expected) => {
    expect(format(tokens)).toBe(expected);
  });

  it.each([
    ['2026-03-01T00:00:00Z', '12 12 24 24 am AM 1st'],
    ['2026-03-02T12:00:00Z', '12 12 12 12 pm PM 2nd'],
    ['2026-03-03T01:00:00Z', '1 01 1 01 am AM 3rd'],
    ['2026-03-11T01:00:00Z', '1 01 1 01 am AM 11th'],
    ['2026-03-22T01:00:00Z', '1 01 1 01 am AM 22nd'],
    ['2026-03-30T01:00:00Z', '1 01 1 01 am AM 30th'],
  ])('%s has its clock of twelve hours and its ordinal', (at, expected) => {
    expect(format('h hh k kk a A Do', { at })).toBe(expected);
  });

  it.each([
    ['fr', 'mercredi 4 mars 2026 15:06'],
    ['de', 'Mittwoch, 4. März 2026 15:06'],
    ['es', 'miércoles, 4 de marzo de 2026 15:06'],
    ['it', 'mercoledì 4 marzo 2026 15:06'],
    ['pt', 'quarta-feira, 4 de março de 2026 às 15:06'],
    ['nl', 'woensdag 4 maart 2026 15:06'],
    ['fr-CA', 'mercredi 4 mars 2026 15:06'],
    ['xx', 'Wednesday, March 4, 2026 3:06 PM'],
    ['__proto__', 'Wednesday, March 4, 2026 3:06 PM'],
  ])('in %s is %s', (locale, expected) => {
    expect(format('LLLL', { locale })).toBe(expected);
  });

  it('tells zones west of Greenwich and of half an hour', () => {
    expect(format('HH:mm Z ZZ', { zone: 'America/New_York' })).toBe('10:06 -05:00 -0500');
    expect(format('HH:mm Z', { zone: 'Asia/Kolkata' })).toBe('20:36 +05:30');
  });
});

describe('units of time', () => {
  it.each<[string, number, Unit, string, string]>([
    ['2026-01-01T00:00:00Z', 5, 'ms', 'UTC', '2026-01-01T00:00:00.005Z'],
    ['2026-03-28T12:00:00Z', 1, 'day', 'Europe/Paris', '2026-03-29T11:00:00.000Z'],
    ['2026-03-28T12:00:00Z', 24, 'hour', 'Europe/Paris', '2026-03-29T12:00:00.000Z'],
    ['2026-03-28T01:30:00Z', 1, 'day', 'Europe/Paris', '2026-03-29T01:30:00.000Z'],
    ['2026-01-31T00:00:00Z', 1, 'month', 'UTC', '2026-02-28T00:00:00.000Z'],
    ['2026-01-15T00:00:00Z', -2, 'month', 'UTC', '2025-11-15T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', 1, 'year', 'UTC', '2025-02-28T00:00:00.000Z'],
    ['2026-01-01T00:00:00Z', 1, 'week', 'UTC', '2026-01-08T00:00:00.000Z'],
  ])('%s and %d %ss in %s is %s', (...[from, count, unit, zone, expected]) => {
    expect(isoOf(add(iso(from), count, unit, zone))).toBe(expected);
  });

  it.each<[string, string, Unit, number]>([
    ['2026-01-02', '2026-01-01', 'ms', 86_400_000],
    ['2026-01-01', '2026-01-03T12:00:00Z', 'day', -2],
    ['2026-01-01T00:00:01Z', '2026-01-01T00:00:02Z', 'minute', 0],
    ['2026-03-30', '2026-01-31', 'month', 1],
    ['2026-01-31', '2026-03-30', 'month', -1],
    ['2026-02-28', '2024-02-29', 'year', 2],
    ['2026-01-30', '2024-01-31', 'year', 1],
    ['2026-01-01', '2026-01-01', 'month', 0],
  ])('%s less %s in %ss is %d', (a, b, unit, expected) => {
    expect(difference(iso(a), iso(b), unit)).toBe(expected);
  });

  it.each<[Unit, string]>([
    ['ms', '2026-03-04T15:06:07.089Z'],
    ['second', '2026-03-04T15:06:07.000Z'],
    ['minute', '2026-03-04T15:06:00.000Z'],
    ['hour', '2026-03-04T14:30:00.000Z'],
    ['day', '2026-03-03T18:30:00.000Z'],
    ['week', '2026-03-01T18:30:00.000Z'],
    ['month', '2026-02-28T18:30:00.000Z'],
    ['year', '2025-12-31T18:30:00.000Z'],
  ])('the %s of an afternoon in Kolkata begins at %s', (unit, expected) => {
    expect(isoOf(startOf(iso('2026-03-04T15:06:07.089Z'), unit, 'Asia/Kolkata'))).toBe(expected);
  });

  it('never begin after the instant they hold', () => {
    const zone = fc.constantFrom('UTC', 'Europe/Paris', 'Asia/Kolkata', 'America/New_York');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), fc.constantFrom(...UNITS), zone, (instant, unit, where) => {
        expect(startOf(instant, unit, where)).toBeLessThanOrEqual(instant);
      }),
    );
  });
});

describe('a zone', () => {
  it('is known by its IANA name', () => {
    expect(['UTC', 'Europe/Paris', 'Mars/Base', ''].map(isZone)).toEqual([true, true, false, false]);
  });

  it('that is unknown is UTC', () => {
    expect(offsetAt('Mars/Base', 0)).toBe(0);
  });

  it('shows a time twice in autumn and skips one in spring', () => {
    const twice = instantsOf('Europe/Paris', iso('2026-10-25T02:30:00Z')).map(isoOf);
    expect(twice).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']);
    expect(instantsOf('Europe/Paris', iso('2026-03-29T02:30:00Z'))).toEqual([]);
    expect(isoOf(instantOf('Europe/Paris', iso('2026-03-29T02:30:00Z')))).toBe('2026-03-29T01:30:00.000Z');
  });
});

describe('cron', () => {
  it.each([
    ['* * * *', 'Cron has 5 fields'],
    ['', 'here are 1'],
    ['60 * * * *', '`60` is no minute'],
    ['* 24 * * *', '`24` is no hour: numbers from 0 to 23, ranges'],
    ['* * 0 * *', 'no day of the month'],
    ['* * * foo *', 'no month: numbers from 1 to 12, names, ranges'],
    ['* * * * 8', 'no day of the week'],
    ['5-1 * * * *', '`5-1` is no minute'],
    ['1-2-3 * * * *', 'no minute'],
    ['*/0 * * * *', 'no minute'],
    ['*/x * * * *', 'no minute'],
    ['-5 * * * *', 'no minute'],
    ['1, * * * *', 'no minute'],
    ['a 0 * * * *', 'no second'],
  ])('%j is refused in a sentence', (text, message) => {
    expect(parseCron(text)).toEqual(expect.stringContaining(message));
  });

  it.each([
    ['5/20 * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:05:00.000Z'],
    ['0 0 ? DEC ?', '2026-01-01T00:00:00Z', '2026-12-01T00:00:00.000Z'],
    ['0 9 * * Sun-tue', '2026-01-01T00:00:00Z', '2026-01-04T09:00:00.000Z'],
    ['*/15 30 8-10/2 * * *', '2026-01-01T08:30:45Z', '2026-01-01T10:30:00.000Z'],
    ['0 0 1 1 *', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00.000Z'],
  ])('%s after %s is %s', (text, after, expected) => {
    const cron = parseCron(text);
    const wall = typeof cron === 'string' ? undefined : nextWall(cron, iso(after));
    expect(wall === undefined ? undefined : isoOf(wall)).toBe(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Spans, SPANS, type Span } from './spans';

const at = (text: string): number => Date.parse(text);
const startIn = (span: Span, zone: string, instant: string): string =>
  new Date(Spans.of(span, zone)?.startOf(at(instant)) ?? Number.NaN).toISOString();
const endIn = (span: Span, zone: string, start: string): string =>
  new Date(Spans.of(span, zone)?.endOf(at(start)) ?? Number.NaN).toISOString();

describe('spans of time', () => {
  it.each([
    ['PT1M', '2026-03-18T10:41:00.000Z'],
    ['PT15M', '2026-03-18T10:30:00.000Z'],
    ['PT1H', '2026-03-18T10:00:00.000Z'],
    ['P1D', '2026-03-18T00:00:00.000Z'],
    ['P1W', '2026-03-16T00:00:00.000Z'],
    ['P1M', '2026-03-01T00:00:00.000Z'],
  ] as const)('of %s begin where the clocks of UTC say', (span, start) => {
    expect(startIn(span, '', '2026-03-18T10:41:59.999Z')).toBe(start);
  });

  it('begin by the clocks of a zone, also where those are moved', () => {
    expect(startIn('P1D', 'Europe/Zurich', '2026-03-29T12:00:00Z')).toBe('2026-03-28T23:00:00.000Z');
    expect(endIn('P1D', 'Europe/Zurich', '2026-03-28T23:00:00Z')).toBe('2026-03-29T22:00:00.000Z');
    expect(startIn('P1M', 'Europe/Zurich', '2026-07-31T22:30:00Z')).toBe('2026-07-31T22:00:00.000Z');
    expect(endIn('P1M', 'Europe/Zurich', '2026-02-28T23:00:00Z')).toBe('2026-03-31T22:00:00.000Z');
    expect(startIn('PT1H', 'Asia/Kathmandu', '2026-01-01T00:20:00Z')).toBe('2026-01-01T00:15:00.000Z');
  });

  it('begin as in UTC where and while the clocks of a zone show what UTC does', () => {
    expect(startIn('P1D', 'Europe/London', '2026-01-15T00:30:00Z')).toBe('2026-01-15T00:00:00.000Z');
    expect(startIn('P1D', 'Europe/London', '2026-07-15T23:30:00Z')).toBe('2026-07-15T23:00:00.000Z');
  });

  it('follow each other without gaps, and each grain lies in one of them', () => {
    for (const zone of ['', 'Europe/Zurich', 'America/St_Johns', 'Australia/Lord_Howe']) {
      for (const span of SPANS.filter((each) => each !== 'PT1M')) {
        const spans = Spans.of(span, zone);
        if (spans === undefined) throw new Error(zone);
        for (let start = spans.startOf(at('2026-03-20T00:00:00Z')), i = 0; i < 40; i += 1) {
          const end = spans.endOf(start);
          expect([zone, span, spans.startOf(start), spans.startOf(end - 1)]).toEqual([zone, span, start, start]);
          expect([zone, span, end, start % spans.grain]).toEqual([zone, span, spans.startOf(end), 0]);
          start = end;
        }
      }
    }
  });

  it('are none in a zone that nobody knows', () => {
    expect(Spans.of('P1D', 'Mars/Olympus')).toBeUndefined();
  });
});

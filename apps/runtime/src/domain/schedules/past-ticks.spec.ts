import { describe, expect, it } from '@jest/globals';
import type { ScheduleTrigger } from '@millrace/language';
import { pastTicks } from './past-ticks';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 9, 25, 12);
const trigger: ScheduleTrigger = {
  ...{ value: 'v', every: HOUR, timeZone: 'Europe/Berlin', missed: 'none', missedWithin: 0, overlap: 'skip', jitter: 0 },
  dst: { missing: 'shift', repeated: 'first' },
};

describe('the past ticks of a schedule', () => {
  it('are those of a span, its beginning included, its end not', () => {
    expect(pastTicks(trigger, { from: NOON - 2 * HOUR, to: NOON }, NOON, 10)).toEqual([NOON - 2 * HOUR, NOON - HOUR]);
    expect(pastTicks(trigger, { from: NOON - 1, to: NOON }, NOON, 10)).toEqual([]);
  });

  it('follow the clocks of its zone', () => {
    const { every: _, ...rest } = trigger;
    const daily = { ...rest, cron: '30 8 * * *' };
    const span = { from: Date.UTC(2026, 9, 24), to: Date.UTC(2026, 9, 26) };
    expect(pastTicks(daily, span, span.to, 10).map((at) => new Date(at).toISOString())).toEqual([
      '2026-10-24T06:30:00.000Z',
      '2026-10-25T07:30:00.000Z',
    ]);
    expect(pastTicks({ ...rest, at: NOON }, { from: NOON, to: NOON + 1 }, NOON + HOUR, 10)).toEqual([NOON]);
  });

  it('are bounded, and it is said where to go on', () => {
    const span = { from: NOON - 5 * HOUR, to: NOON };
    expect(pastTicks(trigger, span, NOON, 5)).toHaveLength(5);
    expect(() => pastTicks(trigger, span, NOON, 4)).toThrow(
      expect.objectContaining({ code: 'runtime.backfill_too_large', facts: { most: 4, next: '2026-10-25T11:00:00.000Z' } }),
    );
  });

  it.each([
    ['/from', NOON, NOON],
    ['/to', NOON, NOON + 1],
  ])('are not those of a span that makes no sense: %s', (pointer, from, to) => {
    const refused = expect.objectContaining({ code: 'runtime.span_invalid', errors: [expect.objectContaining({ pointer })] });
    expect(() => pastTicks(trigger, { from, to }, NOON, 1)).toThrow(refused);
  });
});

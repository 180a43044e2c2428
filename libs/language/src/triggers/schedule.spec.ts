import { describe, expect, it } from '@jest/globals';
import { plan } from '../plan/compile';
import { isoOf } from '../time/instant';
import { jitterOf, nextTick } from './schedule';
import type { ScheduleTrigger } from './triggers';

const scheduleOf = (written: string, zone = 'Europe/Paris'): ScheduleTrigger => {
  const workspace = { file: 'workspace.yaml', text: `timeZone: ${zone}\n` };
  const text = `when:\n  schedules:\n    - ${written}\ndo: []\n`;
  const schedule = plan({ workspace, automations: [{ file: 'automations/a.yaml', text }] }).automations.get('a')?.triggers.schedules[0];
  if (schedule === undefined) throw new Error('no schedule');
  return schedule;
};

const ticks = (schedule: ScheduleTrigger, from: string, count: number): readonly string[] => {
  const found: string[] = [];
  let after: number | undefined = Date.parse(from);
  while (found.length < count && after !== undefined) {
    after = nextTick(schedule, after);
    if (after !== undefined) found.push(isoOf(after).replace('.000Z', 'Z'));
  }
  return found;
};

describe('nextTick', () => {
  it.each([
    ['30 7 * * mon-fri', '2026-01-02T06:30:00Z', ['2026-01-05T06:30:00Z', '2026-01-06T06:30:00Z']],
    ['0 0 1,15 * *', '2026-01-01T00:00:00Z', ['2026-01-14T23:00:00Z', '2026-01-31T23:00:00Z']],
    [
      "'*/20 9-10 * * *'",
      '2026-01-01T08:30:00Z',
      ['2026-01-01T08:40:00Z', '2026-01-01T09:00:00Z', '2026-01-01T09:20:00Z', '2026-01-01T09:40:00Z', '2026-01-02T08:00:00Z'],
    ],
    ['15 30 12 * jan *', '2026-01-01T11:30:15Z', ['2026-01-02T11:30:15Z']],
    ['0 12 13 * fri', '2026-02-01T00:00:00Z', ['2026-02-06T11:00:00Z', '2026-02-13T11:00:00Z', '2026-02-20T11:00:00Z']],
    ['0 0 29 2 *', '2026-01-01T00:00:00Z', ['2028-02-28T23:00:00Z']],
    ['0 0 * * 7', '2026-01-01T00:00:00Z', ['2026-01-03T23:00:00Z']],
    ["'@every 10m'", '2026-01-01T00:03:00Z', ['2026-01-01T00:10:00Z', '2026-01-01T00:20:00Z']],
    ["'2026-05-01T08:00'", '2026-01-01T00:00:00Z', ['2026-05-01T06:00:00Z']],
    ["'2026-05-01T08:00Z'", '2026-01-01T00:00:00Z', ['2026-05-01T08:00:00Z']],
    ['{ every: 1h }', '2026-01-01T00:00:00Z', ['2026-01-01T01:00:00Z']],
  ])('%s', (written, from, expected) => {
    expect(ticks(scheduleOf(written), from, expected.length)).toEqual(expected);
  });

  it('never fires on a day that does not come, at a time that cannot be written, or by a cron that cannot be read', () => {
    expect(nextTick(scheduleOf('{ every: 100000000d }'), 0)).toBeUndefined();
    expect(nextTick(scheduleOf('0 0 30 2 *'), 0)).toBeUndefined();
    expect(nextTick(scheduleOf('nonsense'), 0)).toBeUndefined();
    expect(nextTick(scheduleOf("'2026-05-01T08:00'"), Date.UTC(2027))).toBeUndefined();
  });

  it('moves a time that is skipped in spring to the end of the gap, or leaves it out', () => {
    expect(ticks(scheduleOf('30 2 * * *'), '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z']);
    expect(ticks(scheduleOf("{ cron: '30 2 * * *', dst: { missing: skip } }"), '2026-03-28T12:00:00Z', 1)).toEqual([
      '2026-03-30T00:30:00Z',
    ]);
  });

  it('fires once at a time that comes twice in autumn, or twice', () => {
    expect(ticks(scheduleOf('30 2 * * *'), '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z']);
    expect(ticks(scheduleOf("{ cron: '30 2 * * *', dst: { repeated: both } }"), '2026-10-24T12:00:00Z', 3)).toEqual([
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
      '2026-10-26T01:30:00Z',
    ]);
  });

  it('knows zones whose clocks change by half an hour', () => {
    expect(ticks(scheduleOf('15 2 * * *', 'Australia/Lord_Howe'), '2026-10-03T00:00:00Z', 1)).toEqual(['2026-10-03T15:30:00Z']);
  });
});

describe('jitterOf', () => {
  it('is a fixed share of the span for each name', () => {
    const schedule = scheduleOf("{ cron: '0 0 * * *', jitter: 1h }");
    const shares = ['a', 'b', 'c', 'd'].map((slug) => jitterOf(schedule, 'ws_1', slug, '0'));
    expect(shares.every((share) => share >= 0 && share < 3_600_000)).toBe(true);
    expect(new Set(shares).size).toBe(4);
    expect(jitterOf(schedule, 'ws_1', 'a', '0')).toBe(shares[0]);
  });
});

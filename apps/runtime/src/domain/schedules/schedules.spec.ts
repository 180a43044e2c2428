import { describe, expect, it } from '@jest/globals';
import { plan } from '@millrace/language';
import { SystemClock, SystemIds } from '@millrace/service';
import { lastOf, owed } from './owed';
import { firstRecord, paused, resumed, settled } from './record';
import { isSame, schedulesOf, type Schedule } from './schedule';

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const ids = new SystemIds(new SystemClock());

const schedulesIn = (...entries: string[]): readonly Schedule[] => {
  const text = `when:\n  schedules:\n${entries.map((entry) => `    - ${entry}\n`).join('')}do: []\n`;
  return schedulesOf(plan({ automations: [{ file: 'automations/report.yaml', text }] }), 'ws_1', ids);
};
const scheduleOf = (entry: string): Schedule => {
  const [schedule] = schedulesIn(entry);
  if (schedule === undefined) throw new Error(`no schedule: ${entry}`);
  return schedule;
};
const minutes = (times: readonly number[]): number[] => times.map((time) => (time - NOON) / MINUTE);

describe('schedulesOf', () => {
  it('tells the entries of automations apart by when they strike', () => {
    const [first, second, third] = schedulesIn("'0 8 * * *'", "'@every 10m'", "'2026-07-01T08:00Z'");
    expect([first?.slug, second?.trigger.every, third?.trigger.at]).toEqual(['report', 600_000, Date.UTC(2026, 6, 1, 8)]);
    expect(new Set([first?.id, second?.id, third?.id]).size).toBe(3);
    expect(schedulesIn("'0 8 * * *'", "'0  8 * *  *'")).toHaveLength(1);
  });

  it('knows a schedule again whose policies changed, and that they did', () => {
    const [one, other] = [scheduleOf("'0 8 * * *'"), scheduleOf("{ cron: '0 8 * * *', missed: all }")];
    expect(other.id).toBe(one.id);
    expect([isSame(one, other), isSame(one, scheduleOf("'0 8 * * *'"))]).toEqual([false, true]);
    expect(scheduleOf("{ cron: '0 8 * * *', timeZone: Asia/Tokyo }").id).not.toBe(one.id);
  });

  it('leaves out automations that are disabled', () => {
    const text = "disabled: true\nwhen: { schedules: '0 8 * * *' }\ndo: []\n";
    expect(schedulesOf(plan({ automations: [{ file: 'automations/report.yaml', text }] }), 'ws_1', ids)).toEqual([]);
  });
});

describe('owed', () => {
  const every = (rest: string): Schedule => scheduleOf(`{ every: 1m, ${rest} }`);

  it('is the tick whose time has come, whatever the policy', () => {
    for (const missed of ['none', 'last', 'all']) {
      const due = owed(every(`missed: ${missed}`), NOON, NOON + MINUTE + 5, 100);
      expect([minutes(due.fire), due.missed, due.overdue, lastOf(due)]).toEqual([[1], [], false, NOON + MINUTE]);
    }
  });

  it('is nothing before the first time', () => {
    const due = owed(every('missed: all'), NOON, NOON + MINUTE - 1, 100);
    expect([due.fire, due.missed, due.overdue, lastOf(due)]).toEqual([[], [], false, undefined]);
  });

  it.each([
    ['missed: all', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], []],
    ['missed: all, missedWithin: 3m', [8, 9, 10], [1, 2, 3, 4, 5, 6, 7]],
    ['missed: last', [10], [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['missed: none', [], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ])('after ten minutes and a half of downtime, with { %s }, fires %j', (rest, fire, missed) => {
    const due = owed(every(rest), NOON, NOON + 10.5 * MINUTE, 100);
    expect([minutes(due.fire), minutes(due.missed), due.overdue]).toEqual([fire, missed, true]);
  });

  it('is at most so many', () => {
    const due = owed(every('missed: all'), NOON, NOON + 10 * MINUTE, 3);
    expect([minutes(due.fire), minutes(due.missed)]).toEqual([
      [8, 9, 10],
      [1, 2, 3, 4, 5, 6, 7],
    ]);
  });

  it('does not count the ticks of a long past one by one', () => {
    const due = owed(scheduleOf('{ every: 10s, missed: all, missedWithin: 5m }'), NOON - 3_650 * 24 * 60 * MINUTE, NOON, 100);
    expect([due.fire.length, due.missed.length]).toEqual([30, 100]);
    expect(due.missedSince).toBe(NOON - 3_650 * 24 * 60 * MINUTE + 10_000);
    expect(due.missed.at(-1)).toBe((due.fire[0] ?? 0) - 10_000);
  });

  it('comes later by the jitter, of the same nominal times', () => {
    const schedule = scheduleOf('{ every: 1m, jitter: 30s }');
    expect(schedule.jitter).toBeGreaterThan(0);
    expect(owed(schedule, NOON, NOON + MINUTE + schedule.jitter - 1, 100).fire).toEqual([]);
    expect(minutes(owed(schedule, NOON, NOON + MINUTE + schedule.jitter, 100).fire)).toEqual([1]);
  });
});

describe('the record of a schedule', () => {
  const position = { epoch: 'e', offset: '7' };
  const later = { epoch: 'e', offset: '9' };

  it('goes forward only', () => {
    const record = settled(firstRecord(NOON, position), NOON + 5, NOON + 4, later);
    expect(record).toEqual({ since: NOON + 5, at: NOON + 4, position: later });
    expect(settled(record, NOON + 5, NOON, position)).toBe(record);
    expect(settled(record, NOON + 6, undefined, later).at).toBe(NOON + 4);
  });

  it('is paused and resumed once, what lies between being settled', () => {
    const record = firstRecord(NOON, position);
    const stopped = paused(record, NOON + 1);
    expect(paused(stopped, NOON + 2)).toBe(stopped);
    expect(resumed(stopped, NOON + 9)).toEqual({ since: NOON + 9, position });
    expect(resumed(record, NOON + 9)).toBe(record);
  });
});

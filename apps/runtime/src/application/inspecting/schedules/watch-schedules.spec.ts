import { describe, expect, it } from '@jest/globals';
import { plan } from '@millrace/language';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { ToldRights } from '../../testing/told';
import { ScheduleControl } from '../../schedules/schedule-control';
import { WatchSchedules } from './watch-schedules';

const ADA = { kind: 'user', id: 'ada', roles: [] } as const;

describe('the preview of a schedule', () => {
  it('says when the clocks of its zone are changed', async () => {
    const ports = memoryPorts({ start: Date.UTC(2026, 9, 24) });
    const ids = new SystemIds(ports.clock);
    const text = "when: { schedules: [{ cron: '30 8 * * *', timeZone: Europe/Berlin }] }\ndo: []\n";
    const model = { workspaceId: 'ws_1', digest: 'd', plan: plan({ automations: [{ file: 'automations/a.yaml', text }] }) };
    const bucket = await ports.keyValue.bucket('schedules');
    const schedules = new ScheduleControl({ ...ports, models: { get: async () => model }, bucket, ids });
    const rights = new ToldRights();
    rights.rights.set('ada', ['read schedules']);
    const watch = new WatchSchedules({ schedules, rights });
    const context = { principal: ADA, correlationId: 'c', deadline: Infinity };
    const { items } = await watch.list(context, 'ws_1', '', { limit: 10, cursor: '' });
    const times = await watch.preview(context, 'ws_1', items[0]?.schedule.id ?? '', 3);
    expect(times.map(({ local, note }) => [local, note])).toEqual([
      ['2026-10-24T08:30:00+02:00', ''],
      ['2026-10-25T08:30:00+01:00', 'The clocks of Europe/Berlin have been changed to UTC+01:00 since the time before.'],
      ['2026-10-26T08:30:00+01:00', ''],
    ]);
  });
});

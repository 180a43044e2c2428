import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SchedulesService } from '@millrace/contracts';
import { serviceBench } from '@millrace/testing';
import { payloadOf, Stage } from '../../../testing/stage';

const { method } = SchedulesService;

const SOURCES = {
  daily: "when: { schedules: [{ cron: '30 8 * * *', timeZone: Europe/Berlin }] }\ndo: [{ emit: { event: woke } }]\n",
  weekly: "when: { schedules: [{ cron: '0 0 * * 1' }] }\ndo: []\n",
};

describe('schedules over the bus', () => {
  let stage: Stage;
  let workspaceId = '';
  let scheduleId = '';

  beforeAll(async () => {
    stage = await Stage.open(serviceBench);
    workspaceId = await stage.workspace(SOURCES);
    scheduleId = (await stage.call(method.listSchedules, { workspaceId })).items[0]?.id ?? '';
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  it('are listed with when they fire, in pages, and of one automation', async () => {
    const { items } = await stage.call(method.listSchedules, { workspaceId }, 'vera');
    expect(items).toMatchObject([
      { automation: 'daily', timeZone: 'Europe/Berlin', missed: expect.any(String), overlap: expect.any(String) },
      { automation: 'weekly', timeZone: 'UTC' },
    ]);
    expect(items[0]?.next).toBeDefined();
    const first = await stage.call(method.listSchedules, { workspaceId, limit: 1 });
    const second = await stage.call(method.listSchedules, { workspaceId, limit: 1, cursor: first.nextCursor });
    expect([...first.items, ...second.items]).toMatchObject(items.map(({ id }) => ({ id })));
    expect((await stage.call(method.listSchedules, { workspaceId, automation: 'weekly' })).items).toHaveLength(1);
  });

  it('say when they strike, by the clocks of their zone, and when those are changed', async () => {
    expect((await stage.call(method.previewSchedule, { workspaceId, scheduleId }, 'vera')).times).toHaveLength(10);
    const { times } = await stage.call(method.previewSchedule, { workspaceId, scheduleId, count: 100 });
    for (const { local } of times) expect(local).toMatch(/^\d{4}-\d\d-\d\dT08:30:00\+0[12]:00$/);
    for (const [index, { local, note }] of times.entries()) {
      const before = times[index - 1]?.local.slice(-6) ?? local.slice(-6);
      expect(note !== '').toBe(before !== local.slice(-6));
    }
  });

  it('start their automation when they are told to', async () => {
    const { eventId } = await stage.call(method.runSchedule, { workspaceId, scheduleId }, 'olga');
    const tick = await stage.until(workspaceId, 'runtime.schedules.ticked');
    expect([tick.id, tick.actor.id]).toEqual([eventId, 'olga']);
    expect(payloadOf(await stage.until(workspaceId, 'runtime.runs.finished'))).toMatchObject({
      automation: 'daily',
      trigger: { type: 'schedule' },
    });
  });

  it('stop and go on', async () => {
    const { schedule: paused } = await stage.call(method.pauseSchedule, { workspaceId, scheduleId }, 'olga');
    expect([paused?.next, typeof paused?.pausedAt]).toEqual([undefined, 'object']);
    const { schedule: resumed } = await stage.call(method.resumeSchedule, { workspaceId, scheduleId }, 'olga');
    expect([typeof resumed?.next, resumed?.pausedAt]).toEqual(['object', undefined]);
  });

  it('are nothing to strangers, and not steered by who may only look', async () => {
    const request = { workspaceId, scheduleId };
    const steering = [
      (who: string, named = request) => stage.call(method.runSchedule, named, who),
      (who: string, named = request) => stage.call(method.pauseSchedule, named, who),
      (who: string, named = request) => stage.call(method.resumeSchedule, named, who),
    ];
    const looking = [
      (who: string) => stage.call(method.listSchedules, { workspaceId }, who),
      (who: string) => stage.call(method.previewSchedule, request, who),
    ];
    for (const call of [...steering, ...looking]) await expect(call('bob')).rejects.toMatchObject({ code: 'workspaces.not_found' });
    for (const call of steering) {
      await expect(call('vera')).rejects.toMatchObject({ code: 'schedules.manage_denied' });
      await expect(call('ada', { workspaceId, scheduleId: 'sch_x' })).rejects.toMatchObject({ code: 'runtime.schedule_not_found' });
      await expect(call('ada', { workspaceId, scheduleId: '' })).rejects.toMatchObject({ refusal: 'invalid' });
    }
    const much = { ...request, count: 101 };
    await expect(stage.call(method.previewSchedule, much)).rejects.toMatchObject({ refusal: 'invalid' });
    await expect(stage.call(method.previewSchedule, { workspaceId, scheduleId: 'sch_x' })).rejects.toMatchObject({
      code: 'runtime.schedule_not_found',
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { RunsService, SchedulesService } from '@millrace/contracts';
import { serviceBench } from '@millrace/testing';
import { payloadOf, Stage } from '../../../testing/stage';

const { method } = SchedulesService;
const NEW_YEAR = timestampFromDate(new Date(Date.UTC(2026, 0)));

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

  it('make up for ticks of the past, each once', async () => {
    const own = await stage.workspace(SOURCES);
    const { items } = await stage.call(method.listSchedules, { workspaceId: own });
    const at = (day: number) => timestampFromDate(new Date(Date.UTC(2026, 0, day)));
    const request = { workspaceId: own, scheduleId: items[0]?.id ?? '', from: at(1), to: at(4) };
    const counted = await stage.call(method.backfillSchedule, { ...request, dryRun: true }, 'olga');
    expect([counted.started, counted.ticks.map((tick) => tick.at && timestampDate(tick.at).toISOString())]).toEqual([
      0,
      ['2026-01-01T07:30:00.000Z', '2026-01-02T07:30:00.000Z', '2026-01-03T07:30:00.000Z'],
    ]);
    const first = await stage.call(method.backfillSchedule, { ...request, to: at(3) }, 'olga');
    expect([first.started, first.ticks.map(({ eventId }) => eventId)]).toEqual([
      2,
      counted.ticks.slice(0, 2).map(({ eventId }) => eventId),
    ]);
    expect(payloadOf(await stage.until(own, 'runtime.schedules.backfilled'))).toMatchObject({ automation: 'daily', started: 2 });
    const again = await stage.call(method.backfillSchedule, { ...request, overlap: 'allow' });
    expect([again.started, again.ticks.map(({ known }) => known)]).toEqual([1, [true, true, false]]);
    await stage.eventually(async () => {
      const { items: runs } = await stage.call(RunsService.method.listRuns, { workspaceId: own, where: "trigger = 'schedule'" });
      return runs.filter(({ state }) => state === 'succeeded').length === 3;
    });
    const known = await stage.call(method.backfillSchedule, { ...request, dryRun: true });
    expect(known.ticks.every((tick) => tick.known)).toBe(true);
    expect((await stage.call(method.backfillSchedule, request)).started).toBe(0);
  });

  it('make up for no span that makes no sense', async () => {
    const at = (day: number) => timestampFromDate(new Date(Date.UTC(2026, 0, day)));
    const call = (span: object) => stage.call(method.backfillSchedule, { workspaceId, scheduleId, ...span });
    await expect(call({ from: at(2), to: at(1) })).rejects.toMatchObject({ code: 'runtime.span_invalid' });
    await expect(call({ from: at(1), to: timestampFromDate(new Date(Date.UTC(2900, 0))) })).rejects.toMatchObject({
      errors: [{ pointer: '/to' }],
    });
    await expect(call({ from: at(1), to: at(120) })).rejects.toMatchObject({ code: 'runtime.backfill_too_large' });
    for (const wrong of [{}, { from: at(1) }, { from: at(1), to: at(2), overlap: 'odd' }]) {
      await expect(call(wrong)).rejects.toMatchObject({ refusal: 'invalid' });
    }
  });

  it('are nothing to strangers, and not steered by who may only look', async () => {
    const request = { workspaceId, scheduleId };
    const steering = [
      (who: string, named = request) => stage.call(method.runSchedule, named, who),
      (who: string, named = request) => stage.call(method.pauseSchedule, named, who),
      (who: string, named = request) => stage.call(method.resumeSchedule, named, who),
      (who: string, named = request) => stage.call(method.backfillSchedule, { ...named, from: NEW_YEAR, to: NEW_YEAR }, who),
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

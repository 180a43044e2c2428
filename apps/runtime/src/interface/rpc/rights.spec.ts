import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReplaysService, RunsService, RuntimeService } from '@millrace/contracts';
import { serviceBench } from '@millrace/testing';
import { Stage, textOf } from '../../../testing/stage';

const { listRuns, getRun, listSteps, listRunEvents, compareRuns, captureRun, cancelRun, cancelRuns, deleteRun, retryRun, retryRuns } =
  RunsService.method;
const waits = (event: string): string => `when: { events: ${event} }\ndo: [{ wait: { oneOf: [{ event: never }], timeout: 1d } }]\n`;
const SOURCES = {
  'desk/greet': 'do: [{ emit: { event: greeted } }]\noutput: hi\n',
  'back/count': 'do: []\noutput: 1\n',
  'desk/wait': waits('desk.asked'),
  'back/wait': waits('back.asked'),
};
const ON_DESK = "automation starts with 'desk/'";

describe('runs under rules with conditions', () => {
  let stage: Stage;
  let workspaceId: string;
  let desk: string;
  let back: string;
  const run = async (slug: string): Promise<string> =>
    (await stage.call(RuntimeService.method.runAutomation, { workspaceId, slug, payload: new TextEncoder().encode('{}') })).runId;
  const seen = async (who: string, request: object = {}): Promise<string[]> => {
    const automations: string[] = [];
    let cursor = '';
    do {
      const page = await stage.call(listRuns, { workspaceId, limit: 1, cursor, ...request }, who);
      automations.push(...page.items.map(({ automation }) => automation));
      cursor = page.nextCursor;
    } while (cursor !== '');
    return automations;
  };

  beforeAll(async () => {
    stage = await Stage.open(serviceBench);
    workspaceId = await stage.workspace(SOURCES);
    stage.grant('dora', [
      { allow: ['read', 'cancel', 'delete', 'replay'], on: ['runs'], where: ON_DESK },
      { allow: ['read'], on: ['events'] },
      { allow: ['execute'], on: ['automations'], where: "slug starts with 'desk/'" },
    ]);
    stage.grant('rita', [
      { allow: ['read'], on: ['runs'] },
      { allow: ['cancel', 'delete', 'replay'], on: ['runs'], where: ON_DESK },
    ]);
    [desk, back] = [await run('desk/greet'), await run('back/count')];
    await stage.emit(workspaceId, 'desk.asked');
    await stage.emit(workspaceId, 'back.asked');
    for (const slug of ['desk/greet', 'back/count']) textOf(await stage.finished(workspaceId, slug), 'run');
    await stage.eventually(async () => (await seen('ada')).length === 4);
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  it('are listed, going on and ended, as if there were no others', async () => {
    expect((await seen('dora')).sort()).toEqual(['desk/greet', 'desk/wait']);
    expect(await seen('dora', { where: "automation starts with 'back/'" })).toEqual([]);
    expect(await seen('dora', { states: ['succeeded'] })).toEqual(['desk/greet']);
  });

  it('are shown one by one, and what may not be read is not there', async () => {
    const missing = { code: 'runtime.run_not_found', refusal: 'not-found' };
    expect((await stage.call(getRun, { workspaceId, runId: desk }, 'dora')).run?.automation).toBe('desk/greet');
    expect((await stage.call(listRunEvents, { workspaceId, runId: desk }, 'dora')).items.length).toBeGreaterThan(0);
    for (const [who, runId] of [
      ['dora', back],
      ['dora', 'run_none'],
      ['ada', 'run_none'],
    ] as const) {
      await expect(stage.call(getRun, { workspaceId, runId }, who)).rejects.toMatchObject(missing);
    }
    const named = { workspaceId, runId: back };
    await expect(stage.call(listSteps, named, 'dora')).rejects.toMatchObject(missing);
    await expect(stage.call(listRunEvents, named, 'dora')).rejects.toMatchObject(missing);
    await expect(stage.call(captureRun, named, 'dora')).rejects.toMatchObject(missing);
    await expect(stage.call(compareRuns, { workspaceId, runId: desk, otherId: back }, 'dora')).rejects.toMatchObject(missing);
    await expect(stage.call(cancelRun, named, 'dora')).rejects.toMatchObject(missing);
    await expect(stage.call(deleteRun, named, 'dora')).rejects.toMatchObject(missing);
    await expect(stage.call(retryRun, named, 'dora')).rejects.toMatchObject(missing);
    await expect(stage.call(retryRuns, { workspaceId, runIds: [back] }, 'dora')).rejects.toMatchObject(missing);
  });

  it('that may be read but not changed are refused by the right that is lacking', async () => {
    const named = { workspaceId, runId: back };
    await expect(stage.call(cancelRun, named, 'rita')).rejects.toMatchObject({ code: 'runs.cancel_denied' });
    await expect(stage.call(deleteRun, named, 'rita')).rejects.toMatchObject({ code: 'runs.delete_denied' });
    await expect(stage.call(retryRun, named, 'rita')).rejects.toMatchObject({ code: 'runs.replay_denied' });
  });

  it('are counted, cancelled and begun again in numbers only where it is allowed', async () => {
    expect(await stage.call(retryRuns, { workspaceId, all: true, dryRun: true }, 'rita')).toMatchObject({ matched: 1 });
    expect(await stage.call(cancelRuns, { workspaceId, all: true, dryRun: true }, 'rita')).toMatchObject({ matched: 1 });
    expect(await stage.call(cancelRuns, { workspaceId, all: true, dryRun: true }, 'ada')).toMatchObject({ matched: 2 });
    await expect(stage.call(ReplaysService.method.createReplay, { workspaceId, eventId: 'x' }, 'rita')).rejects.toMatchObject({
      code: 'runs.replay_denied',
    });
  });

  it('of automations are begun only where it is allowed', async () => {
    const begin = (slug: string) =>
      stage.call(RuntimeService.method.runAutomation, { workspaceId, slug, payload: new TextEncoder().encode('{}') }, 'dora');
    expect((await begin('desk/greet')).runId).not.toBe('');
    await expect(begin('back/count')).rejects.toMatchObject({ code: 'automations.execute_denied' });
    await expect(begin('back/none')).rejects.toMatchObject({ code: 'automations.execute_denied' });
  });
});

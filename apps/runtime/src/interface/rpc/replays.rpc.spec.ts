import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReplaysService, RunsService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { serviceBench } from '@millrace/testing';
import { payloadOf, Stage, textOf } from '../../../testing/stage';

const { method } = ReplaysService;
const read = (bytes: Uint8Array | undefined): unknown => (bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes)));

const order = [
  'when: { events: ordered }',
  'do:',
  "  - set: { name: global.count, type: increment, value: '{{payload.no}}' }",
  "  - emit: { event: booked, payload: { no: '{{payload.no}}' } }",
  '  - wait: { oneOf: [{ event: paid }], timeout: 1d, output: paid }',
  '  - sleep: { for: 10ms }',
  "  - emit: { event: shipped, payload: { sum: '{{paid.payload.sum}}' } }",
  "output: '{{paid.payload.sum}}'",
].join('\n');
const greet =
  "when: { endpoint: { path: greet, access: public } }\ndo: []\noutput: 'Hi {{body.name}} {{headers.via}}{{headers.authorization}}'\n";
const fails = "when: { events: bad }\ndo:\n  - fetch: { url: 'http://127.0.0.1:1/', output: x }\noutput: done\n";

describe('replays over the bus', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open(serviceBench);
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  /** A workspace in which an order was shipped; the ids of its event and its run. */
  const shipped = async () => {
    const workspaceId = await stage.workspace({ order, greet, fails });
    const eventId = await stage.emit(workspaceId, 'ordered', { no: 7 });
    await stage.until(workspaceId, 'booked');
    await stage.emit(workspaceId, 'paid', { sum: 3 });
    const record = await stage.finished(workspaceId, 'order');
    return { workspaceId, eventId, runId: textOf(record, 'run'), record };
  };

  const told = async (workspaceId: string, type: string): Promise<readonly JsonMap[]> =>
    (await Array.fromAsync(stage.bench.platform.eventLog.read('first', `${workspaceId}.${type}`, { live: false }))).map(payloadOf);

  it('do a run again, whole, on its version; the new run says which one it repeats', async () => {
    const { workspaceId, runId } = await shipped();
    await stage.publish(workspaceId, { order: 'when: { events: never }\ndo: []\noutput: new\n' });
    const { runId: again } = await stage.call(RunsService.method.retryRun, { workspaceId, runId }, 'olga');
    await stage.eventually(async () => (await told(workspaceId, 'booked')).length === 2);
    await stage.emit(workspaceId, 'paid', { sum: 4 });
    const record = await stage.finished(workspaceId, 'order', { run: again });
    expect(record).toMatchObject({ outcome: 'succeeded', output: 4, replayOf: runId });
    const { run } = await stage.call(RunsService.method.getRun, { workspaceId, runId: again });
    expect(run).toMatchObject({ replayOf: runId, trigger: { type: 'event', value: 'ordered' } });
  });

  it('do a run again on the version that is active now', async () => {
    const { workspaceId, runId } = await shipped();
    await stage.publish(workspaceId, { order: "when: { events: never }\ndo: []\noutput: 'new {{payload.no}}'\n" });
    const { runId: again } = await stage.call(RunsService.method.retryRun, { workspaceId, runId, version: 'active' });
    expect(await stage.finished(workspaceId, 'order', { run: again })).toMatchObject({ output: 'new 7' });
  });

  it('begin from a step and keep what came before', async () => {
    const { workspaceId, runId } = await shipped();
    const { items } = await stage.call(RunsService.method.listSteps, { workspaceId, runId });
    const fromStep = items.at(-1)?.step ?? '';
    const { runId: again } = await stage.call(RunsService.method.retryRun, { workspaceId, runId, fromStep });
    expect(await stage.finished(workspaceId, 'order', { run: again })).toMatchObject({ output: 3 });
    expect([(await told(workspaceId, 'booked')).length, (await told(workspaceId, 'shipped')).length]).toEqual([1, 2]);
    const unknown = { workspaceId, runId, fromStep: 'nowhere' };
    await expect(stage.call(RunsService.method.retryRun, unknown)).rejects.toMatchObject({ code: 'runtime.step_unknown' });
  });

  it('do nothing outside when effects are blocked, and say what they would have done', async () => {
    const { workspaceId, runId } = await shipped();
    const before = (await told(workspaceId, '>')).length;
    const { runs } = await stage.call(method.createReplay, { workspaceId, runId, effects: 'blocked' }, 'olga');
    expect(runs).toMatchObject([{ automation: 'order', replayOf: runId, state: 'succeeded' }]);
    expect(read(runs[0]?.output)).toBe(3);
    expect(runs[0]?.blocked.map(({ kind, recorded }) => [kind, recorded])).toEqual([
      ['write', false],
      ['emit', true],
      ['wait', true],
      ['sleep', true],
      ['emit', true],
    ]);
    expect(read(runs[0]?.blocked[4]?.request)).toMatchObject({ event: 'shipped', payload: { sum: 3 } });
    expect((await told(workspaceId, '>')).length).toBe(before);
  });

  it('show what the draft would do, though the run began on a version', async () => {
    const { workspaceId, runId } = await shipped();
    stage.draft(workspaceId, { order: order.replace('event: shipped', 'event: sent').replace('timeout: 1d', 'timeout: 2d') });
    const { runs } = await stage.call(method.createReplay, { workspaceId, runId, version: 'draft' });
    expect(read(runs[0]?.blocked.at(-1)?.request)).toMatchObject({ event: 'sent' });
    const live = { workspaceId, runId, version: 'draft', effects: 'live' };
    await expect(stage.call(method.createReplay, live)).rejects.toMatchObject({ refusal: 'invalid' });
  });

  it('end where a blocked replay has nothing to go on with', async () => {
    const { workspaceId, eventId } = await shipped();
    const { runs } = await stage.call(method.createReplay, { workspaceId, eventId, effects: 'blocked' });
    expect(runs).toMatchObject([{ automation: 'order', state: 'failed', error: { code: 'runtime.effect_blocked', line: 5 } }]);
  });

  it('do again what an event starts', async () => {
    const { workspaceId, eventId, runId } = await shipped();
    const { runs } = await stage.call(method.createReplay, { workspaceId, eventId });
    expect(runs).toMatchObject([{ automation: 'order', replayOf: runId, state: '' }]);
    await stage.eventually(async () => (await told(workspaceId, 'booked')).length === 2);
    await stage.emit(workspaceId, 'paid', { sum: 9 });
    expect(await stage.finished(workspaceId, 'order', { run: runs[0]?.runId ?? '' })).toMatchObject({ output: 9 });
    const missing = { workspaceId, eventId: 'evt_none' };
    await expect(stage.call(method.createReplay, missing)).rejects.toMatchObject({ code: 'runtime.event_not_found' });
  });

  it('know what a call of an endpoint said, but not who proved to be whom', async () => {
    const workspaceId = await stage.workspace({ greet });
    await stage.knock(workspaceId, 'greet', { name: 'Ada' }, { via: 'b', authorization: 'Bearer x' });
    const runId = textOf(await stage.finished(workspaceId, 'greet', { output: 'Hi Ada bBearer x' }), 'run');
    const { runs } = await stage.call(method.createReplay, { workspaceId, runId, effects: 'blocked' });
    expect(read(runs[0]?.output)).toMatch(/^Hi Ada b(?!Bearer)/);
    await stage.knock(workspaceId, 'greet', { name: 'x'.repeat(20_000) });
    await stage.eventually(
      async () => (await stage.call(RunsService.method.listRuns, { workspaceId, states: ['succeeded'] })).items.length === 2,
    );
    const [large] = (await stage.call(RunsService.method.listRuns, { workspaceId, states: ['succeeded'] })).items;
    const request = { workspaceId, runId: large?.id ?? '' };
    await expect(stage.call(method.createReplay, request)).rejects.toMatchObject({ code: 'runtime.start_unknown' });
  });

  it('wait until the run has ended', async () => {
    const workspaceId = await stage.workspace({ order });
    await stage.emit(workspaceId, 'ordered', { no: 1 });
    await stage.until(workspaceId, 'booked');
    const [run] = (await stage.call(RunsService.method.listRuns, { workspaceId })).items;
    const request = { workspaceId, runId: run?.id ?? '' };
    await expect(stage.call(RunsService.method.retryRun, request)).rejects.toMatchObject({ code: 'runtime.run_goes_on' });
  });

  it('are nothing to strangers, to who may only look, and need to be named in one way', async () => {
    const { workspaceId, runId, eventId } = await shipped();
    await expect(stage.call(method.createReplay, { workspaceId, runId }, 'bob')).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await expect(stage.call(method.createReplay, { workspaceId, runId }, 'vera')).rejects.toMatchObject({ code: 'runs.replay_denied' });
    await expect(stage.call(RunsService.method.retryRun, { workspaceId, runId }, 'vera')).rejects.toMatchObject({
      code: 'runs.replay_denied',
    });
    for (const wrong of [{}, { runId, eventId }, { eventId, version: 'same' }, { eventId, fromStep: '1' }, { runId, effects: 'odd' }]) {
      await expect(stage.call(method.createReplay, { workspaceId, ...wrong })).rejects.toMatchObject({ refusal: 'invalid' });
    }
    await expect(stage.call(RunsService.method.retryRun, { workspaceId, runId, version: 'draft' })).rejects.toMatchObject({
      refusal: 'invalid',
    });
  });

  it('do many runs again as a job, after they were counted; it is listed, shown and stopped', async () => {
    const { workspaceId, runId } = await shipped();
    await stage.emit(workspaceId, 'bad');
    const failed = textOf(await stage.finished(workspaceId, 'fails'), 'run');
    const count = (more: object) => stage.call(RunsService.method.retryRuns, { workspaceId, dryRun: true, ...more }, 'olga');
    expect(await count({ all: true })).toMatchObject({ matched: 2 });
    expect((await count({ where: "state = 'failed'" })).matched).toBe(1);
    expect(await count({ runIds: [runId, failed] })).toMatchObject({ matched: 2 });
    expect((await stage.call(method.listReplays, { workspaceId })).items).toEqual([]);
    expect((await stage.call(RunsService.method.retryRuns, { workspaceId, automation: 'none' })).replay).toBeUndefined();

    const { matched, replay } = await stage.call(RunsService.method.retryRuns, { workspaceId, where: "state = 'failed'", rate: 1 });
    expect([matched, replay]).toMatchObject([1, { state: 'running', version: 'same', rate: 1, matched: 1, by: 'ada' }]);
    const replayId = replay?.id ?? '';
    await stage.eventually(async () => (await stage.call(method.getReplay, { workspaceId, replayId })).replay?.state === 'done');
    await stage.until(workspaceId, 'runtime.runs.finished', { automation: 'fails', replayOf: failed });
    const { items } = await stage.call(method.listReplays, { workspaceId }, 'olga');
    expect(items).toMatchObject([{ id: replayId, begun: 1, failed: 0, problems: [] }]);
    await expect(stage.call(method.cancelReplay, { workspaceId, replayId })).rejects.toMatchObject({ code: 'runtime.replay_ended' });

    const other = await stage.call(RunsService.method.retryRuns, { workspaceId, runIds: [failed, runId], rate: 1, version: 'active' });
    await stage.call(method.cancelReplay, { workspaceId, replayId: other.replay?.id ?? '' });
    const { replay: stopped } = await stage.call(method.getReplay, { workspaceId, replayId: other.replay?.id ?? '' });
    expect([stopped?.state, stopped?.endedAt === undefined]).toEqual(['cancelled', false]);
  });

  it('of many runs are nothing to strangers and to who may only look, and need to be named in one way', async () => {
    const { workspaceId, runId } = await shipped();
    const replayId = 'rpl_none';
    const calls = [
      (who?: string) => stage.call(RunsService.method.retryRuns, { workspaceId, all: true }, who),
      (who?: string) => stage.call(method.listReplays, { workspaceId }, who),
      (who?: string) => stage.call(method.getReplay, { workspaceId, replayId }, who),
      (who?: string) => stage.call(method.cancelReplay, { workspaceId, replayId }, who),
    ];
    for (const call of calls) {
      await expect(call('bob')).rejects.toMatchObject({ code: 'workspaces.not_found' });
      await expect(call('vera')).rejects.toMatchObject({ code: 'runs.replay_denied' });
    }
    for (const wrong of [{}, { runIds: [runId], all: true }, { all: true, states: ['parked'] }, { all: true, rate: 1_001 }]) {
      await expect(stage.call(RunsService.method.retryRuns, { workspaceId, ...wrong })).rejects.toMatchObject({ refusal: 'invalid' });
    }
    const missing = { workspaceId, runIds: [runId, 'run_none'] };
    await expect(stage.call(RunsService.method.retryRuns, missing)).rejects.toMatchObject({ code: 'runtime.run_not_found' });
  });
});

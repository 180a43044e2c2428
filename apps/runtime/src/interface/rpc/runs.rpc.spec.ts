import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DescMessage } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { RunsService } from '@millrace/contracts';
import { serviceBench } from '@millrace/testing';
import { payloadOf, Stage, textOf } from '../../../testing/stage';

const { method } = RunsService;
const read = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

const SOURCES = {
  greet:
    "when: { endpoint: { path: greet, access: public } }\ndo: [{ emit: { event: greeted, payload: { to: '{{body.name}}' } } }]\noutput: 'Hi {{body.name}}'\n",
  fails: "when: { events: bad }\ndo:\n  - repeat: { on: '{{payload.n}}', do: [] }\n",
  waits: [
    'when: { events: ordered }',
    'do:',
    '  - emit: { event: asked }',
    "  - wait: { oneOf: [{ event: paid, filters: { payload.no: '{{payload.no}}' } }, { event: gone }], timeout: 1d }",
    'output: paid',
  ].join('\n'),
};

describe('runs over the bus', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open(serviceBench);
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  const parked = async (workspaceId: string, no = 1): Promise<string> => {
    const trigger = await stage.emit(workspaceId, 'ordered', { no });
    let id = '';
    await stage.eventually(async () => {
      const { items } = await stage.call(method.listRuns, { workspaceId, states: ['parked'] });
      id = items.find((run) => run.trigger?.id === trigger)?.id ?? '';
      return id !== '';
    });
    return id;
  };

  /** Whether it could be: who has just ended it may have it in hand yet. */
  const deleted = async (request: { readonly workspaceId: string; readonly runId: string }): Promise<boolean> => {
    try {
      await stage.call(method.deleteRun, request);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'runtime.run_unsettled', refusal: 'unavailable' });
      return false;
    }
  };

  it('are shown with what they wait for while they go on', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    const runId = await parked(workspaceId);
    const { run } = await stage.call(method.getRun, { workspaceId, runId }, 'vera');
    expect(run).toMatchObject({ id: runId, automation: 'waits', state: 'parked', trigger: { type: 'event', value: 'ordered' } });
    expect(run?.waitsFor).toMatchObject([{ kind: 'wait', automation: 'waits', line: 4, events: ['paid', 'gone'] }]);
    expect(run?.waitsFor[0]?.until).toBeDefined();
    const { items } = await stage.call(method.listSteps, { workspaceId, runId });
    expect(items.map(({ kind }) => kind)).toEqual(['emit', 'wait']);
  });

  it('are shown with what they gave, or why they failed and where, when they have ended', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    await stage.knock(workspaceId, 'greet', { name: 'Ada' });
    await stage.emit(workspaceId, 'bad', { n: 7 });
    const greeted = await stage.finished(workspaceId, 'greet');
    const failed = await stage.finished(workspaceId, 'fails');
    const { run } = await stage.call(method.getRun, { workspaceId, runId: textOf(greeted, 'run') });
    expect(run).toMatchObject({ automation: 'greet', state: 'succeeded', trigger: { type: 'endpoint', value: 'greet' } });
    expect(read(run?.output ?? new Uint8Array())).toBe('Hi Ada');
    expect(run?.endedAt).toBeDefined();
    const { run: bad } = await stage.call(method.getRun, { workspaceId, runId: textOf(failed, 'run') });
    expect(bad).toMatchObject({ state: 'failed', error: { code: 'language.type', automation: 'fails', line: 3 } });
    const { items } = await stage.call(method.listSteps, { workspaceId, runId: textOf(greeted, 'run') });
    expect(items).toMatchObject([{ kind: 'emit', automation: 'greet', line: 2, attempts: 1 }]);
    expect(read(items[0]?.input ?? new Uint8Array())).toMatchObject({ event: 'greeted', payload: { to: 'Ada' } });
  });

  it('are found at once by their id, though history has not seen them yet', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    await stage.knock(workspaceId, 'greet', { name: 'Eve' });
    const runId = textOf(payloadOf(await stage.until(workspaceId, 'runtime.runs.finished')), 'run');
    expect((await stage.call(method.getRun, { workspaceId, runId })).run?.state).toBe('succeeded');
  });

  it('are listed: those that go on, then those that have ended, in pages', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    for (const name of ['a', 'b', 'c']) await stage.knock(workspaceId, 'greet', { name });
    for (const name of ['a', 'b', 'c']) await stage.finished(workspaceId, 'greet', { output: `Hi ${name}` });
    const first = await parked(workspaceId, 1);
    const second = await parked(workspaceId, 2);
    const all: string[] = [];
    let cursor = '';
    let pages = 0;
    do {
      const page = await stage.call(method.listRuns, { workspaceId, limit: 1, cursor });
      expect(page.items.length).toBeLessThanOrEqual(1);
      all.push(...page.items.map(({ id }) => id));
      ({ nextCursor: cursor } = page);
      pages += 1;
    } while (cursor !== '');
    const whole = await stage.call(method.listRuns, { workspaceId });
    expect(all).toEqual(whole.items.map(({ id }) => id));
    expect(all.slice(0, 2).toSorted()).toEqual([first, second].toSorted());
    expect(whole.items.map(({ state }) => state)).toEqual(['parked', 'parked', 'succeeded', 'succeeded', 'succeeded']);
    expect(pages).toBe(5);
    const two = await stage.call(method.listRuns, { workspaceId, limit: 2 });
    const rest = await stage.call(method.listRuns, { workspaceId, limit: 200, cursor: two.nextCursor });
    expect([...two.items, ...rest.items].map(({ id }) => id)).toEqual(all);
    expect(whole.items.every(({ output }) => output.length === 0)).toBe(true);
  });

  it('are listed by automation, state, trigger and time', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    await stage.knock(workspaceId, 'greet', { name: 'a' });
    await stage.emit(workspaceId, 'bad', { n: 7 });
    await stage.finished(workspaceId, 'greet');
    await stage.finished(workspaceId, 'fails');
    await parked(workspaceId);
    const slugs = async (filter: object) =>
      (await stage.call(method.listRuns, { workspaceId, ...filter })).items.map((run) => run.automation);
    expect(await slugs({ automation: 'greet' })).toEqual(['greet']);
    expect(await slugs({ automation: 'waits' })).toEqual(['waits']);
    expect(await slugs({ states: ['failed'] })).toEqual(['fails']);
    expect(await slugs({ states: ['running', 'parked'] })).toEqual(['waits']);
    expect(await slugs({ states: ['running'] })).toEqual([]);
    expect(await slugs({ trigger: 'endpoint' })).toEqual(['greet']);
    expect(await slugs({ from: timestampFromMs(0), to: timestampFromMs(1) })).toEqual([]);
    expect((await slugs({ from: timestampFromMs(1) })).toSorted()).toEqual(['fails', 'greet', 'waits']);
    expect(await slugs({ where: "state in ['failed', 'parked'] and not error = 'language.type'" })).toEqual(['waits']);
    expect(await slugs({ where: "trigger = 'endpoint' and duration >= 0 and endedAt > '2000-01-01T00:00:00Z'" })).toEqual(['greet']);
    expect(await slugs({ where: "automation starts with 'w' or error exists", states: ['failed'] })).toEqual(['fails']);
    await expect(slugs({ where: "automation = 'a' and colour = 1" })).rejects.toMatchObject({
      ...{ code: 'runtime.filter_invalid', facts: { column: 22 }, errors: [{ pointer: '/where', code: 'filter' }] },
    });
  });

  it('show the events they told', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    await stage.knock(workspaceId, 'greet', { name: 'a' });
    const runId = textOf(await stage.finished(workspaceId, 'greet'), 'run');
    const request = { workspaceId, runId, limit: 1 };
    const first = await stage.call(method.listRunEvents, request);
    const second = await stage.call(method.listRunEvents, { ...request, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map(({ type }) => type)).toEqual(['greeted', 'runtime.runs.finished']);
  });

  it('are compared step by step, in pages, when both have ended', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    const greeted = async (name: string) => {
      await stage.knock(workspaceId, 'greet', { name });
      return textOf(await stage.finished(workspaceId, 'greet', { output: `Hi ${name}` }), 'run');
    };
    const [runId, otherId] = [await greeted('Ada'), await greeted('Eve')];
    const alike = await stage.call(method.compareRuns, { workspaceId, runId, otherId: runId }, 'vera');
    expect(alike).toMatchObject({ differences: [], firstDifference: '', items: [{ differences: [] }], nextCursor: '', omitted: 0 });
    const { run, other, ...compared } = await stage.call(method.compareRuns, { workspaceId, runId, otherId });
    expect([run?.id, other?.id]).toEqual([runId, otherId]);
    expect(compared).toMatchObject({ differences: ['/output'], items: [{ differences: ['/input/payload/to'] }] });
    expect(compared.firstDifference).toBe(compared.items[0]?.step);
    expect(read(compared.items[0]?.other?.input ?? new Uint8Array())).toMatchObject({ payload: { to: 'Eve' } });

    await stage.emit(workspaceId, 'bad', { n: 7 });
    const failed = textOf(await stage.finished(workspaceId, 'fails'), 'run');
    const apart = await stage.call(method.compareRuns, { workspaceId, runId, otherId: failed });
    expect(apart.items).toMatchObject([{ differences: [''] }]);
    expect(apart.items[0]?.other).toBeUndefined();
    const parkedRun = await parked(workspaceId);
    const goesOn = stage.call(method.compareRuns, { workspaceId, runId, otherId: parkedRun });
    await expect(goesOn).rejects.toMatchObject({ code: 'runtime.run_goes_on' });
  });

  it('are made flow tests when they have ended', async () => {
    const payload = 'payload: { type: object, properties: { code: { type: string, redact: true } } }';
    const told = `when: { events: told }\narguments: { ${payload} }\ndo: [{ emit: { event: heard } }]\n`;
    const workspaceId = await stage.workspace({ ...SOURCES, told });
    await stage.knock(workspaceId, 'greet', { name: 'Ada' });
    const greeted = textOf(await stage.finished(workspaceId, 'greet'), 'run');
    const { file, content, notes } = await stage.call(method.captureRun, { workspaceId, runId: greeted }, 'vera');
    expect(file).toBe(`tests/greet-${greeted.slice(-6)}.test.yaml`);
    expect(content).toContain("emits:\n        - { type: 'greeted'");
    for (const note of notes) expect(content).toContain(`# ${note}`);
    await stage.emit(workspaceId, 'told', { n: 1, code: 'hush' });
    const heard = textOf(await stage.finished(workspaceId, 'told'), 'run');
    const captured = await stage.call(method.captureRun, { workspaceId, runId: heard });
    expect(captured.content).toContain("on: { event: 'told', payload: { n: 1, code: 'REDACTED' }");
    const runId = await parked(workspaceId);
    await expect(stage.call(method.captureRun, { workspaceId, runId })).rejects.toMatchObject({ code: 'runtime.run_goes_on' });
  });

  it('are cancelled, once, and that is told', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    const runId = await parked(workspaceId);
    await stage.call(method.cancelRun, { workspaceId, runId, reason: 'No more' }, 'olga');
    expect(await stage.finished(workspaceId, 'waits')).toMatchObject({ outcome: 'cancelled' });
    expect(payloadOf(await stage.until(workspaceId, 'runtime.runs.cancelled'))).toMatchObject({ run: runId, reason: 'No more' });
    expect((await stage.call(method.getRun, { workspaceId, runId })).run).toMatchObject({ state: 'cancelled', reason: 'No more' });
    await expect(stage.call(method.cancelRun, { workspaceId, runId })).rejects.toMatchObject({ code: 'runtime.run_ended' });
  });

  it('are cancelled as many as fit, after they were counted', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    for (const no of [1, 2, 3]) await parked(workspaceId, no);
    expect(await stage.call(method.cancelRuns, { workspaceId, automation: 'waits', dryRun: true })).toMatchObject({
      matched: 3,
      cancelled: 0,
    });
    expect(await stage.call(method.cancelRuns, { workspaceId, automation: 'other' })).toMatchObject({ matched: 0, cancelled: 0 });
    expect(await stage.call(method.cancelRuns, { workspaceId, where: "state = 'failed'" })).toMatchObject({ matched: 0, cancelled: 0 });
    expect(await stage.call(method.cancelRuns, { workspaceId, all: true })).toMatchObject({ matched: 3, cancelled: 3 });
    await stage.eventually(
      async () => (await stage.call(method.listRuns, { workspaceId, states: ['parked', 'running'] })).items.length === 0,
    );
    await expect(stage.call(method.cancelRuns, { workspaceId })).rejects.toMatchObject({ refusal: 'invalid' });
  });

  it('are deleted when they have ended: what is kept of them is gone for good, and that is told', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    const { history, eventLog, blobs } = stage.bench.platform;
    const ended: string[] = [];
    for (const name of ['Ada', 'Eve']) {
      await stage.knock(workspaceId, 'greet', { name });
      ended.push(textOf(await stage.finished(workspaceId, 'greet', { output: `Hi ${name}` }), 'run'));
    }
    const [runId = '', other = ''] = ended;
    for (const run of ended) await blobs.put(`${workspaceId}/fetched/${run}/file`, new Uint8Array(1));
    await stage.eventually(() => deleted({ workspaceId, runId }));

    expect(payloadOf(await stage.until(workspaceId, 'runtime.runs.deleted'))).toEqual({ run: runId, automation: 'greet' });
    const gone = { code: 'runtime.run_not_found', refusal: 'not-found' };
    for (const read of [method.getRun, method.listSteps, method.deleteRun]) {
      await expect(stage.call<DescMessage, DescMessage>(read, { workspaceId, runId })).rejects.toMatchObject(gone);
    }
    expect((await stage.call(method.listRuns, { workspaceId })).items.map(({ id }) => id)).toEqual([other]);
    expect(await history.get(workspaceId, `evt_${runId.slice('run_'.length)}`)).toBeUndefined();
    const told = await Array.fromAsync(eventLog.read('first', `${workspaceId}.runtime.runs.finished`, { live: false }));
    expect(told.map((event) => [event.source.run, textOf(payloadOf(event), 'output')])).toEqual([
      [runId, ''],
      [other, 'Hi Eve'],
    ]);
    expect(await blobs.list(`${workspaceId}/fetched/`, 9)).toEqual([`${workspaceId}/fetched/${other}/file`]);

    // As when history is filled anew from the log.
    await history.append(told);
    expect((await stage.call(method.listRuns, { workspaceId })).items.map(({ id }) => id)).toEqual([other]);
    expect(await stage.call(method.retryRuns, { workspaceId, all: true, dryRun: true })).toMatchObject({ matched: 1 });
    await expect(stage.call(method.getRun, { workspaceId, runId })).rejects.toMatchObject(gone);
  });

  it('are not deleted while they go on, nor by who does not own the workspace', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    const runId = await parked(workspaceId);
    await expect(stage.call(method.deleteRun, { workspaceId, runId })).rejects.toMatchObject({ code: 'runtime.run_goes_on' });
    await expect(stage.call(method.deleteRun, { workspaceId, runId }, 'olga')).rejects.toMatchObject({ code: 'runs.delete_denied' });
    expect((await stage.call(method.getRun, { workspaceId, runId })).run?.state).toBe('parked');
  });

  it('are nothing to strangers, and to other workspaces', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    const other = await stage.workspace(SOURCES);
    const runId = await parked(workspaceId);
    const refused = { code: 'workspaces.not_found' };
    await expect(stage.call(method.listRuns, { workspaceId }, 'bob')).rejects.toMatchObject(refused);
    await expect(stage.call(method.cancelRuns, { workspaceId, all: true }, 'bob')).rejects.toMatchObject(refused);
    await expect(stage.call(method.cancelRuns, { workspaceId, all: true }, 'vera')).rejects.toMatchObject({ code: 'runs.cancel_denied' });
    await expect(stage.call(method.cancelRun, { workspaceId, runId }, 'vera')).rejects.toMatchObject({ code: 'runs.cancel_denied' });
    type Named = { readonly workspaceId: string; readonly runId: string };
    const calls = [
      (request: Named, who?: string) => stage.call(method.getRun, request, who),
      (request: Named, who?: string) => stage.call(method.listSteps, request, who),
      (request: Named, who?: string) => stage.call(method.listRunEvents, request, who),
      (request: Named, who?: string) => stage.call(method.compareRuns, { ...request, otherId: runId }, who),
      (request: Named, who?: string) => stage.call(method.captureRun, request, who),
      (request: Named, who?: string) => stage.call(method.cancelRun, request, who),
      (request: Named, who?: string) => stage.call(method.retryRun, request, who),
      (request: Named, who?: string) => stage.call(method.deleteRun, request, who),
    ];
    for (const call of calls) {
      await expect(call({ workspaceId, runId }, 'bob')).rejects.toMatchObject(refused);
      await expect(call({ workspaceId: other, runId })).rejects.toMatchObject({ code: 'runtime.run_not_found' });
      await expect(call({ workspaceId, runId: 'run_none' })).rejects.toMatchObject({ code: 'runtime.run_not_found' });
      await expect(call({ workspaceId, runId: '' })).rejects.toMatchObject({ refusal: 'invalid' });
    }
  });

  it('refuse filters that make no sense', async () => {
    const workspaceId = await stage.workspace(SOURCES);
    for (const wrong of [{ states: ['odd'] }, { trigger: 'odd' }, { limit: 500 }, { cursor: 'odd' }, { cursor: btoa('[]') }]) {
      await expect(stage.call(method.listRuns, { workspaceId, ...wrong })).rejects.toMatchObject({ refusal: 'invalid' });
    }
  });
});

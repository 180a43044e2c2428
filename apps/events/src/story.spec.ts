import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HistoryService, RunsService, RuntimeService, type GetRunRequest, type SimulateMatchRequest } from '@millrace/contracts';
import { DomainError, type JsonMap } from '@millrace/kernel';
import { decodeEvent, Rpc, type NewEvent } from '@millrace/messaging';
import type { ServiceDefinition } from '@millrace/service';
import { Controller, Module } from '@nestjs/common';
import { RuledBench } from '../testing/ruled-bench';

const { getLineage, explainEvent } = HistoryService.method;
const ALL = [{ allow: ['manage'], on: ['events', 'runs'] }];

/** A runtime with a run that has ended, one that goes on, and one that the caller may not read. */
@Controller()
class Runs {
  @Rpc(RunsService.method.getRun)
  async getRun({ runId }: GetRunRequest) {
    if (runId === 'run_secret') throw new DomainError('runtime.run_not_found', 'not-found', 'There is no such run.');
    return { run: { id: runId, automation: 'greet', state: 'succeeded', trigger: { type: 'event', value: 'a', id: 'e1' } } };
  }

  @Rpc(RunsService.method.listRuns)
  async listRuns() {
    const run = (id: string, trigger: string) => ({
      id,
      automation: 'waits',
      state: 'parked',
      trigger: { type: 'event', value: 'a', id: trigger },
    });
    return { items: [run('run_parked', 'e1'), run('run_other', 'e9')] };
  }

  /** The event that the runtime is asked of, and why it refuses. */
  static asked: NewEvent | undefined;
  static refusal: DomainError | undefined;

  @Rpc(RuntimeService.method.simulateMatch)
  async simulateMatch({ event }: SimulateMatchRequest) {
    Runs.asked = decodeEvent(event);
    if (Runs.refusal !== undefined) throw Runs.refusal;
    const rejects = { automation: 'rejects', outcome: 'filtered', pattern: 'was.*', filter: 'whole', part: 'a part' };
    return {
      digest: 'sha256:1',
      matches: [
        { automation: 'greet', outcome: 'matches', pattern: 'was.*' },
        { ...rejects, fields: ['payload.room'] },
        { ...rejects, automation: 'spies', fields: ['payload.name', 'payload.room'] },
        { ...rejects, automation: 'knows', fields: [''] },
      ],
    };
  }
}

@Module({})
class RunsModule {}

const runtime: ServiceDefinition = { name: 'runtime', module: async () => ({ module: RunsModule, controllers: [Runs] }) };

let bench: RuledBench;

function said(id: string, given: Partial<NewEvent> = {}, payload: JsonMap = {}): NewEvent {
  return {
    ...{
      id,
      workspaceId: 'ws_1',
      type: `was.${id}`,
      time: 1_800_000_000_000,
      correlationId: "story's",
      actor: { kind: 'user', id: 'ada' },
    },
    ...{ source: {}, payload: new TextEncoder().encode(JSON.stringify(payload)) },
    ...given,
  };
}

const ofRun = (run: string, automation: string) => ({ causationId: 'e1', source: { run, automation, service: 'runtime' } });
const ended = (id: string, run: string) =>
  said(id, { ...ofRun(run, 'greet'), type: 'runtime.runs.finished' }, { trigger: { type: 'event', id: 'e1' } });

beforeAll(async () => {
  bench = await RuledBench.start(runtime);
  await bench.said([
    said('e1', { causationId: 'req_1' }, { room: 7, name: 'Ada' }),
    said('e2', ofRun('run_1', 'greet')),
    said('e3', ofRun('run_secret', 'hide')),
    ended('e4', 'run_1'),
    ended('e5', 'run_secret'),
    said('other', { correlationId: 'another' }),
  ]);
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

const lineage = async (eventId: string) => {
  const { nodes, truncated } = await bench.bus.call(getLineage, { workspaceId: 'hotel', eventId }, bench.context);
  return { truncated, nodes: nodes.map(({ id, kind, name, cause }) => [kind, id, name, cause]) };
};

describe('the lineage of an event', () => {
  it('is its whole story, in order, with what led to what', async () => {
    await bench.rule(ALL);
    expect(await lineage('e2')).toEqual({
      truncated: false,
      nodes: [
        ['event', 'e1', 'was.e1', 'req_1'],
        ['run', 'run_1', 'greet', 'e1'],
        ['event', 'e2', 'was.e2', 'run_1'],
        ['run', 'run_secret', 'hide', 'e1'],
        ['event', 'e3', 'was.e3', 'run_secret'],
        ['event', 'e4', 'runtime.runs.finished', 'run_1'],
        ['event', 'e5', 'runtime.runs.finished', 'run_secret'],
      ],
    });
  });

  it('holds no event and no run that the caller may not read', async () => {
    await bench.rule([{ allow: ['read'], on: ['events'], where: "type = 'was.*'" }]);
    expect((await lineage('e1')).nodes).toEqual([
      ['event', 'e1', 'was.e1', 'req_1'],
      ['event', 'e2', 'was.e2', 'e1'],
      ['event', 'e3', 'was.e3', 'e1'],
    ]);
    await bench.rule([ALL[0] ?? { allow: [], on: [] }, { deny: ['read'], on: ['runs'], where: "automation = 'hide'" }]);
    expect((await lineage('e1')).nodes.filter(([kind]) => kind === 'run')).toEqual([['run', 'run_1', 'greet', 'e1']]);
    await bench.rule([{ allow: ['read'], on: ['events'], where: "type = 'other'" }]);
    await expect(lineage('e1')).rejects.toMatchObject({ code: 'events.not_found' });
  });

  it('is cut, and says so, where it is very long', async () => {
    await bench.rule(ALL);
    await bench.said(Array.from({ length: 1_050 }, (_, index) => said(`long${index}`, { correlationId: 'long' })));
    const { nodes, truncated } = await lineage('long0');
    expect([nodes.length, truncated]).toEqual([1_000, true]);
  });
});

describe('the explanation of an event', () => {
  const explained = () => bench.bus.call(explainEvent, { workspaceId: 'hotel', eventId: 'e1' }, bench.context);

  it('names the runs it started, those that go on too, and none that the caller may not read', async () => {
    await bench.rule(ALL);
    const { event, runs } = await explained();
    expect(event?.type).toBe('was.e1');
    expect(runs.map(({ id, state }) => [id, state])).toEqual([
      ['run_1', 'succeeded'],
      ['run_parked', 'parked'],
    ]);
  });

  it('tells what each automation makes of it: of the event as it is, but no part of a filter that tells what the caller may not see', async () => {
    await bench.rule([...ALL, { allow: ['read'], on: ['audit'] }]);
    const parts = async () => (await explained()).decisions.map(({ automation, outcome, part }) => [automation, outcome, part]);
    expect(await parts()).toEqual([
      ['greet', 'matches', ''],
      ['rejects', 'filtered', 'a part'],
      ['spies', 'filtered', 'a part'],
      ['knows', 'filtered', 'a part'],
    ]);
    expect((await explained()).version).toBe('sha256:1');
    await bench.rule([
      { allow: ['read'], on: ['events'], fields: ['payload.room'] },
      { allow: ['read'], on: ['runs'] },
    ]);
    expect((await explained()).event?.payload).toEqual(new TextEncoder().encode('{"room":7}'));
    expect(await parts()).toEqual([
      ['greet', 'matches', ''],
      ['rejects', 'filtered', 'a part'],
      ['spies', 'filtered', ''],
      ['knows', 'filtered', ''],
    ]);
    expect(new TextDecoder().decode(Runs.asked?.payload)).toBe('{"room":7,"name":"Ada"}');
  });

  it('tells of no automation to who may read none, and fails as the runtime does', async () => {
    await bench.rule(ALL);
    Runs.refusal = new DomainError('automations.read_denied', 'forbidden', 'You may not read automations.');
    expect(await explained()).toMatchObject({ decisions: [], version: '' });
    Runs.refusal = new DomainError('runtime.model_unavailable', 'unavailable', 'The version is not there yet.');
    await expect(explained()).rejects.toMatchObject({ code: 'runtime.model_unavailable' });
    Runs.refusal = undefined;
  });

  it('is for who may read runs', async () => {
    await bench.rule([{ allow: ['read'], on: ['events'] }]);
    await expect(explained()).rejects.toMatchObject({ code: 'runs.read_denied' });
  });
});

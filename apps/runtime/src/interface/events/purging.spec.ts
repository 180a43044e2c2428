import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { serviceBench } from '@millrace/testing';
import { payloadOf, Stage, workspaceNamed } from '../../../testing/stage';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What the runtime keeps of workspaces, besides what goes by itself. */
const BUCKETS = ['approvals', 'contexts', 'gatherings', 'redrives', 'replays', 'runs', 'schedules', 'slots', 'waits'];

const AUTOMATIONS = {
  remembers: `
when: { events: [began] }
concurrency: { limit: 1 }
do:
  - set: { name: global.n, value: 1 }
  - set: { name: user.n, value: 1 }
  - set: { name: run.n, value: 1 }
  - all:
      - sleep: { for: 30d }
      - wait: { oneOf: [{ event: never }], timeout: 30d }
      - approve: { title: Yes?, to: { users: [ada] }, deadline: 30d }
`,
  ticks: `
when: { schedules: [{ cron: '0 4 * * *' }] }
do: []
`,
  gathers: `
when: { events: [came] }
batch: { size: 100, within: 1h }
do: []
`,
  fails: `
when: { events: [failed] }
do: []
`,
};

describe('a workspace that is gone for good', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open(serviceBench);
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  /** What is kept of a workspace, by bucket: keys, and for those that do not say whose they are, values. */
  const keptOf = async (workspaceId: string): Promise<Readonly<Record<string, number>>> => {
    const kept: Record<string, number> = {};
    for (const name of BUCKETS) {
      const entries = await (await stage.bench.platform.keyValue.bucket(name)).list('');
      const its = entries.filter(({ key, value }) => `${key} ${decoder.decode(value)}`.includes(workspaceId));
      if (its.length > 0) kept[name] = its.length;
    }
    return kept;
  };

  const furnished = async () => {
    const { blobs, keyValue } = stage.bench.platform;
    const workspaceId = await stage.workspace(AUTOMATIONS);
    await stage.emit(workspaceId, 'began');
    await stage.emit(workspaceId, 'came');
    const { source } = await stage.until(workspaceId, 'runtime.approvals.asked');
    await (await keyValue.bucket('replays')).put(`jobs/${workspaceId}/rpl_1`, encoder.encode('{}'));
    await (await keyValue.bucket('replays')).put(`runs/${workspaceId}/rpl_1`, encoder.encode('[]'));
    await (await keyValue.bucket('redrives')).put(`jobs/${workspaceId}/rdr_1`, encoder.encode('{}'));
    await (await keyValue.bucket('redrives')).put(`letters/${workspaceId}/rdr_1`, encoder.encode('[]'));
    for (const place of ['fetched/run_1/file', 'drafts/draft-1', 'runs/run_1/7.parked'])
      await blobs.put(`${workspaceId}/${place}`, encoder.encode('x'));
    await stage.eventually(async () => {
      const kept = await keptOf(workspaceId);
      return BUCKETS.every((name) => name in kept);
    });
    await stage.eventually(async () => (await timersOf(source.run)) === 1);
    return { workspaceId, run: source.run };
  };

  const timersOf = async (run = ''): Promise<number> => {
    const timers = await (await stage.bench.platform.keyValue.bucket('timers')).list('');
    return timers.filter(({ key }) => key.endsWith(run)).length;
  };

  const purged = async (workspaceId: string): Promise<JsonMap> => {
    const { eventLog, keyValue, ids, clock } = stage.bench.platform;
    await (await keyValue.bucket('active')).delete(workspaceId);
    await eventLog.append([
      {
        ...{ id: ids.mint('evt'), workspaceId, type: 'workspaces.purged', time: clock.now(), correlationId: 'c' },
        ...{ payload: encoder.encode('{}'), actor: { kind: 'service', id: 'workspaces' }, source: { service: 'workspaces' } },
      },
    ]);
    return payloadOf(await stage.until('platform', 'runtime.workspaces.purged', { workspace: workspaceId }));
  };

  it('leaves nothing in the runtime, which says what it removed; other workspaces keep theirs', async () => {
    const [{ workspaceId: gone, run }, { workspaceId: other, run: stays }] = [await furnished(), await furnished()];
    const before = await keptOf(other);
    expect(await purged(gone)).toMatchObject({
      workspace: gone,
      counts: {
        replays: 2,
        redrives: 2,
        gatherings: 2,
        waits: 1,
        approvals: 1,
        runs: 2,
        slots: 1,
        contexts: 3,
        files: 1,
        drafts: 1,
        states: 1,
      },
    });
    expect(await keptOf(gone)).toEqual({});
    expect(await stage.bench.platform.blobs.list(`${gone}/`, 10)).toEqual([]);
    expect(await keptOf(other)).toEqual(before);
    expect([await timersOf(run), await timersOf(stays)]).toEqual([0, 1]);
    expect(await stage.bench.platform.blobs.list(`${other}/`, 10)).toHaveLength(3);
  });

  it('is no workspace that never was: nothing is removed for it, and that is said too', async () => {
    const counts = (await purged(workspaceNamed(99)))['counts'] as JsonMap;
    expect(Object.values(counts).every((count) => count === 0)).toBe(true);
  });
});

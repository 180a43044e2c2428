import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { EventsService, ReplaysService, RunsService, SchedulesService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { EventsSeen, signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const mapOf = (value: Json | undefined): JsonMap => (value ?? {}) as JsonMap;
const CLI = fileURLToPath(new URL('../dist/apps/cli/main.js', import.meta.url));
const PASSWORD = 'a-password-for-tests';
const { method } = RunsService;

const SOURCES = {
  ship: [
    'when: { events: orders.placed }',
    'do:',
    "  - emit: { event: orders.asked, payload: { no: '{{payload.no}}' } }",
    "  - wait: { oneOf: [{ event: orders.paid, filters: { payload.no: '{{payload.no}}' } }], timeout: 1d, output: paid }",
    "  - emit: { event: orders.shipped, payload: { no: '{{payload.no}}', sum: '{{paid.payload.sum}}', lot: '{% rand(1, 1000000) %}' } }",
    "output: { no: '{{payload.no}}', sum: '{{paid.payload.sum}}' }",
  ].join('\n'),
  count: "when: { events: orders.counted }\ndo: [{ repeat: { on: '{{payload.list}}', do: [] } }]\noutput: counted\n",
  daily: "when: { schedules: [{ cron: '30 8 * * *', timeZone: Europe/Berlin }] }\ndo: []\noutput: '{{schedule.at}}'\n",
};

describe('many runs, over HTTP', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let workspaceId = '';
  let seen: EventsSeen;
  let stop = (): void => undefined;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    workspaceId = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'Orders' }))['id']);
    for (const [slug, source] of Object.entries(SOURCES))
      await ada.call(WorkspacesService.method.putAutomation, { workspaceId, slug, source });
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId });
    await follow();
  });

  afterAll(async () => {
    stop();
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const follow = async (): Promise<void> => {
    seen = new EventsSeen();
    const feed = ada.events(workspaceId, { types: ['orders.>'] });
    await feed.start(seen.take);
    stop = () => feed.stop();
  };
  const killAndStart = async (): Promise<void> => {
    stop();
    await millrace.kill();
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, ports: millrace.ports });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    await follow();
  };
  const emit = (type: string, payload: JsonMap) => ada.call(EventsService.method.emitEvents, { workspaceId, events: [{ type, payload }] });
  const listed = async (where: string) => ((await ada.call(method.listRuns, { workspaceId, where })) as { items: JsonMap[] }).items;
  /** The runs that fit, once there are so many. */
  const until = async (where: string, count: number): Promise<readonly JsonMap[]> => {
    for (;;) {
      const items = await listed(where);
      if (items.length >= count) return items;
    }
  };
  const shipped = async (no: number, sum: number): Promise<string> => {
    await emit('orders.placed', { no });
    await seen.until(({ type, payload }) => type === 'orders.asked' && mapOf(payload)['no'] === no);
    await emit('orders.paid', { no, sum });
    const ended = await seen.until(({ type, payload }) => type === 'orders.shipped' && mapOf(payload)['no'] === no);
    const [run] = await until(`id = '${textOf(mapOf(ended.source)['run'])}' and state = 'succeeded'`, 1);
    return textOf(run?.['id']);
  };

  it('are found by what they are, those that go on and those that have ended', async () => {
    await shipped(1, 10);
    await emit('orders.placed', { no: 2 });
    expect(await until("automation = 'ship' and state in ['parked', 'succeeded']", 2)).toMatchObject([
      { state: 'parked' },
      { state: 'succeeded' },
    ]);
    expect(await listed("state = 'succeeded' and trigger.value = 'orders.placed' and duration >= 0")).toHaveLength(1);
    await expect(listed("state = 'succeeded' and colour = 'red'")).rejects.toMatchObject({
      ...{ status: 422, code: 'runtime.filter_invalid' },
    });
  });

  it('are begun again as a replay that is counted first, outlives its process, and can be stopped', async () => {
    for (const no of [1, 2]) await emit('orders.counted', { list: no });
    const where = "automation = 'count' and state = 'failed' and not replayOf exists";
    await until(where, 2);
    const retry = (more: JsonMap) => ada.call(method.retryRuns, { workspaceId, where, ...more });
    const shown = (replayId: string) => ada.call(ReplaysService.method.getReplay, { workspaceId, replayId });
    expect(await retry({ dryRun: true })).toMatchObject({ matched: 2 });

    const first = textOf(mapOf((await retry({ rate: 1 }))['replay'])['id']);
    while ((await shown(first))['begun'] === 0);
    await killAndStart();
    while ((await shown(first))['state'] === 'running');
    expect(await shown(first)).toMatchObject({ state: 'done', matched: 2, begun: 2, failed: 0 });
    expect(await until("automation = 'count' and replayOf exists", 2)).toHaveLength(2);

    const second = textOf(mapOf((await retry({ rate: 1 }))['replay'])['id']);
    await ada.call(ReplaysService.method.cancelReplay, { workspaceId, replayId: second });
    expect(await shown(second)).toMatchObject({ state: 'cancelled', matched: 2 });
    expect((await ada.call(ReplaysService.method.listReplays, { workspaceId }))['items']).toMatchObject([{ id: second }, { id: first }]);
    await expect(ada.call(ReplaysService.method.cancelReplay, { workspaceId, replayId: second })).rejects.toMatchObject({
      ...{ status: 409, code: 'runtime.replay_ended' },
    });
  });

  it('are compared, and become tests that the command plays', async () => {
    const runId = await shipped(3, 30);
    const otherId = await shipped(4, 40);
    const compared = await ada.call(method.compareRuns, { workspaceId, runId, otherId });
    expect(compared).toMatchObject({ differences: ['/output/no', '/output/sum'], run: { id: runId }, other: { id: otherId } });
    expect(compared['firstDifference']).toBe((compared['items'] as JsonMap[])[0]?.['step']);

    const { file, content } = await ada.call(method.captureRun, { workspaceId, runId });
    const files = { 'workspace.yaml': 'name: Orders\n', 'automations/ship.yaml': SOURCES.ship, [textOf(file)]: textOf(content) };
    using captured = temporaryFolder();
    const play = (changed: Readonly<Record<string, string>> = {}) => {
      for (const [path, text] of Object.entries({ ...files, ...changed })) {
        mkdirSync(dirname(join(captured.path, path)), { recursive: true });
        writeFileSync(join(captured.path, path), text);
      }
      return spawnSync(process.execPath, [CLI, 'test'], { cwd: captured.path, encoding: 'utf8' });
    };
    expect(play()).toMatchObject({ status: 0, stderr: '1 case: 1 passed, 0 failed.\n' });
    const broken = play({ 'automations/ship.yaml': SOURCES.ship.replace('orders.shipped', 'orders.sent') });
    expect([broken.status, broken.stdout]).toEqual([1, expect.stringContaining('orders.shipped')]);
  });

  it('of the past of a schedule are started once', async () => {
    const { items } = (await ada.call(SchedulesService.method.listSchedules, { workspaceId })) as { items: JsonMap[] };
    const scheduleId = textOf(items[0]?.['id']);
    const span = { workspaceId, scheduleId, from: '2026-01-01T00:00:00Z', to: '2026-01-04T00:00:00Z' };
    const backfill = (more: JsonMap = {}) => ada.call(SchedulesService.method.backfillSchedule, { ...span, ...more });
    expect((await backfill({ dryRun: true }))['ticks']).toHaveLength(3);
    expect(await backfill({ to: '2026-01-03T00:00:00Z' })).toMatchObject({ started: 2 });
    expect(await backfill()).toMatchObject({ started: 1 });
    expect(await until("trigger = 'schedule' and state = 'succeeded'", 3)).toHaveLength(3);
    await expect(backfill({ to: '2900-01-01T00:00:00Z' })).rejects.toMatchObject({ status: 422, code: 'runtime.span_invalid' });
  });
});

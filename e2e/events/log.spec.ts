import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { EventsService, HistoryService, LogService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const CAPACITY = 4 * 1024 * 1024;

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

describe('the log of a platform that has little room', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let id: string;
  /** The position of the first event there ever was. */
  let began: string;

  const start = async (): Promise<void> => {
    millrace = await startStandaloneProcess({
      ...{ folder: folder.path, password: PASSWORD },
      environment: { MILLRACE_LOG_CAPACITY: String(CAPACITY) },
    });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
  };

  beforeAll(async () => {
    await start();
    id = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'Small' }))['id']);
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const emit = async (count: number): Promise<{ readonly status: number; readonly body: JsonMap }> => {
    const event = { type: 'orders.paid', payload: { text: 'x'.repeat(100_000) } };
    const body = JSON.stringify({ events: Array.from({ length: count }, () => event) });
    const answer = await ada.fetch(`/v1/workspaces/${id}/events`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    return { status: answer.status, body: (await answer.json()) as JsonMap };
  };
  const poll = (since: string) => ada.fetch(`/v1/workspaces/${id}/events:poll?since=${since}&wait=0`).then((answer) => answer.json());
  const log = () => ada.call(LogService.method.getLog, {});
  const counted = async (): Promise<number> =>
    Number((await ada.call(HistoryService.method.aggregateEvents, { workspaceId: id, types: ['orders.>'] }))['count'] ?? 0);

  it('shows how full it is and who reads it, to who runs it', async () => {
    expect(await log()).toMatchObject({ capacity: String(CAPACITY), days: 30, firstOffset: '1' });
    expect((await log())['durables']).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'history' })]));
    const bob = await signedIn(millrace.url, 'bob', PASSWORD);
    await expect(bob.call(LogService.method.getLog, {})).rejects.toMatchObject({ code: 'log.read_denied' });
    await expect(bob.call(LogService.method.rebuildHistory, {})).rejects.toMatchObject({ code: 'log.manage_denied' });
  });

  it('closes the door when it fills, makes room, and opens it again', async () => {
    const before = await log();
    began = `${textOf(before['epoch'])}-1`;
    expect(await poll(began)).toMatchObject({ recovered: true });
    let taken = 0;
    const fill = async (): Promise<JsonMap> => {
      for (;;) {
        const { status, body } = await emit(10);
        if (status !== 201) return body;
        taken += 10;
      }
    };
    expect(await fill()).toMatchObject({ code: 'events.log_filling', status: 503 });
    while ((await emit(1)).status !== 201);
    expect(BigInt(textOf((await log())['firstOffset']))).toBeGreaterThan(BigInt(textOf(before['firstOffset'])));
    while ((await counted()) !== taken + 1);
  });

  it('fills the history anew while it answers, over a kill; who reads from what is gone is told', async () => {
    await expect(ada.call(LogService.method.getRebuild, {})).rejects.toMatchObject({ code: 'events.rebuild_not_found' });
    const count = await counted();
    const begin = () =>
      ada.fetch('/v1/platform/history:rebuild', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    expect((await begin()).status).toBe(202);
    await millrace.kill();
    await start();
    let rebuild: JsonMap = {};
    while (rebuild['state'] !== 'finished') {
      // Told once more, it need not wait for its turn.
      await begin();
      rebuild = await ada.call(LogService.method.getRebuild, {});
    }
    expect(await poll(began)).toMatchObject({ recovered: false, reason: 'expired' });
    expect(Number(rebuild['events'])).toBeGreaterThan(0);
    expect(await counted()).toBe(count);
    const { items } = await ada.call(EventsService.method.listEvents, { workspaceId: id, types: ['orders.paid'], limit: 1 });
    expect(items).toHaveLength(1);
  });
});

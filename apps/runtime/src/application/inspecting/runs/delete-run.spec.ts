import { beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteHistory } from '@millrace/history';
import { DomainError } from '@millrace/kernel';
import type { LoggedEvent, Position } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { memoryPorts, person } from '@millrace/testing';
import { MemoryBlobs } from '../../testing/told';
import { payloadOf, Workbench, WORKSPACE } from '../../testing/workbench';
import { Announcements } from '../announcements';
import { DeleteRun, type DeleteRunParts } from './delete-run';
import { EndedRuns } from './ended-runs';
import { FindRun } from './find-run';
import { LiveRuns } from './live-runs';

const QUICK = "when: { events: go }\ndo: []\noutput: 'Hi {{payload.name}}'\n";
const SILENT = "when: { events: hush }\nrecord: none\ndo: []\noutput: 'Hi {{payload.name}}'\n";

describe('deleting a run', () => {
  let bench: Workbench;
  let ports: ReturnType<typeof memoryPorts>;
  let history: SqliteHistory;
  let parts: DeleteRunParts;

  beforeEach(async () => {
    ports = memoryPorts();
    const ids = new SystemIds(ports.clock);
    bench = await Workbench.of({ ...ports, ids }, { quick: QUICK, silent: SILENT });
    history = await SqliteHistory.open({ path: ':memory:' });
    bench.rights.rights.set('ada', ['delete runs']);
    const { eventLog } = ports;
    const live = new LiveRuns(bench.engine.runs, bench.engine.store);
    const find = new FindRun(live, new EndedRuns({ history, eventLog }));
    const announcements = new Announcements({ ...ports, ids });
    parts = { find, live, history, eventLog, blobs: new MemoryBlobs(), rights: bench.rights, announcements, ids };
  });

  const end = async (type = 'go'): Promise<LoggedEvent> => {
    await bench.deliver(await bench.emit(type, { name: 'Ada' }), 2);
    const [event] = await bench.logged('runtime.runs.finished');
    if (event === undefined) throw new Error('The run has not ended.');
    return event;
  };
  const deleted = ({ source }: LoggedEvent, more: Partial<DeleteRunParts> = {}): Promise<void> =>
    new DeleteRun({ ...parts, ...more }).run(bench.context(person('ada')), WORKSPACE, source.run ?? '');
  const told = async () => (await bench.logged('runtime.runs.deleted')).length;

  it('waits until history has its record, so that it does not come back from there', async () => {
    const event = await end();
    await expect(deleted(event)).rejects.toMatchObject({ code: 'runtime.run_unsettled' });
    expect(await bench.records()).toMatchObject([{ output: 'Hi Ada' }]);
    expect(await told()).toBe(0);
    await history.append([event]);
    await deleted(event);
    expect(await bench.records()).toEqual([{}]);
    expect(await told()).toBe(1);
  });

  it('waits until nobody has it in hand', async () => {
    const event = await end();
    await history.append([event]);
    const checkpoint = { run: { workspaceId: WORKSPACE } } as unknown as NonNullable<Awaited<ReturnType<LiveRuns['find']>>>;
    const live = { find: async () => checkpoint };
    await expect(deleted(event, { live })).rejects.toMatchObject({ code: 'runtime.run_unsettled' });
    expect(await bench.records()).toMatchObject([{ output: 'Hi Ada' }]);
  });

  it('that was cut off is done again to its end, and told once', async () => {
    const event = await end();
    await history.append([event]);
    const away = () => Promise.reject(new DomainError('history.store_unavailable', 'unavailable', 'Away.'));
    const cut = { get: (workspaceId: string, id: string) => history.get(workspaceId, id), remove: away };
    await expect(deleted(event, { history: cut })).rejects.toMatchObject({ code: 'history.store_unavailable' });
    await deleted(event);
    expect(await history.get(WORKSPACE, event.id)).toBeUndefined();
    expect(await told()).toBe(1);
    await expect(deleted(event)).rejects.toMatchObject({ code: 'runtime.run_not_found' });
  });

  it('takes no failure of the log for a log that is gone', async () => {
    const event = await end();
    await history.append([event]);
    const failing = (code: string) => ({
      remove: (_: readonly Position[]) => Promise.reject(new DomainError(code, 'unavailable', 'Gone or away.')),
    });
    await expect(deleted(event, { eventLog: failing('log.unavailable') })).rejects.toMatchObject({ code: 'log.unavailable' });
    expect(await history.get(WORKSPACE, event.id)).toBeDefined();
    await deleted(event, { eventLog: failing('log.epoch_changed') });
    expect(await history.get(WORKSPACE, event.id)).toBeUndefined();
  });

  it('of which history never knows takes what the log has', async () => {
    const [event] = [await end('hush')];
    expect(payloadOf(event)).toMatchObject({ output: 'Hi Ada' });
    await deleted(event);
    expect(await bench.records()).toEqual([{}]);
  });
});

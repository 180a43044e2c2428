import { SqliteEventLog } from '@millrace/messaging';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemClock, SystemIds } from '../machine/machine';
import { WorkspacePurges } from './workspace-purges';

describe('a service that keeps something of workspaces', () => {
  const clock = new SystemClock();
  const ids = new SystemIds(clock);
  let eventLog: SqliteEventLog;

  beforeEach(() => {
    eventLog = new SqliteEventLog({ file: ':memory:', clock });
  });

  afterEach(() => eventLog.close());

  const told = async (workspaceId: string, type: string): Promise<void> => {
    await eventLog.append([
      {
        ...{ id: ids.mint('evt'), workspaceId, type, time: clock.now(), correlationId: 'c', payload: new TextEncoder().encode('{}') },
        ...{ actor: { kind: 'service', id: 'workspaces' }, source: {} },
      },
    ]);
  };

  it('removes what it keeps of one that is gone for good, though it was away, again until it succeeds, and says so on the platform', async () => {
    await told('ws_1', 'workspaces.deleted');
    await told('ws_2', 'workspaces.purged');
    const asked: string[] = [];
    const purge = async (workspaceId: string): Promise<Record<string, number>> => {
      asked.push(workspaceId);
      if (asked.length === 1) throw new Error('The store is away.');
      return { runs: 2 };
    };
    const purges = new WorkspacePurges({ service: 'runtime', eventLog, clock, ids, purge });
    await purges.onApplicationBootstrap();
    for await (const { payload } of eventLog.read('first', 'platform.runtime.workspaces.purged', { live: true })) {
      expect(JSON.parse(new TextDecoder().decode(payload))).toEqual({ workspace: 'ws_2', counts: { runs: 2 } });
      break;
    }
    await purges.beforeApplicationShutdown();
    expect(asked).toEqual(['ws_2', 'ws_2']);
  });
});

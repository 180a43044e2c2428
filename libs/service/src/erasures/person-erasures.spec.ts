import { SqliteEventLog } from '@millrace/messaging';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemClock, SystemIds } from '../machine/machine';
import { PersonErasures } from './person-erasures';

describe('a service that keeps something of people', () => {
  const clock = new SystemClock();
  const ids = new SystemIds(clock);
  let eventLog: SqliteEventLog;

  beforeEach(() => {
    eventLog = new SqliteEventLog({ file: ':memory:', clock });
  });

  afterEach(() => eventLog.close());

  const leaves = async (payload: object): Promise<void> => {
    await eventLog.append([
      {
        ...{ id: ids.mint('evt'), workspaceId: 'platform', type: 'gateway.users.deleted', time: clock.now(), correlationId: 'c' },
        payload: new TextEncoder().encode(JSON.stringify(payload)),
        actor: { kind: 'service', id: 'gateway' },
        source: {},
      },
    ]);
  };

  it('erases who has left, again until it succeeds, and says so once', async () => {
    const asked: string[] = [];
    const erase = async (user: string): Promise<Record<string, number>> => {
      asked.push(user);
      if (asked.length === 1) throw new Error('The store is away.');
      return { tokens: 2 };
    };
    const erasures = new PersonErasures({ service: 'profile', eventLog, clock, ids, erase });
    await erasures.onApplicationBootstrap();
    await leaves({ other: 1 });
    await leaves({ user: 'ada' });
    await leaves({ user: 'ada' });
    await leaves({ user: 'bob' });
    const said: unknown[] = [];
    for await (const { payload } of eventLog.read('first', 'platform.profile.users.erased', { live: true })) {
      said.push(JSON.parse(new TextDecoder().decode(payload)));
      if (said.length === 2) break;
    }
    await erasures.beforeApplicationShutdown();
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(said).toEqual(
      expect.arrayContaining([
        { user: 'ada', counts: { tokens: 2 }, digest },
        { user: 'bob', counts: { tokens: 2 }, digest },
      ]),
    );
    expect(new Set(asked)).toEqual(new Set(['ada', 'bob']));
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventsService, HistoryService, RetentionService } from '@millrace/contracts';
import type { History } from '@millrace/history';
import { DomainError, type JsonMap } from '@millrace/kernel';
import { EventLog, type NewEvent } from '@millrace/messaging';
import { Log } from '@millrace/observability';
import { RuledBench } from '../testing/ruled-bench';
import type { Retentions } from './application/ports/retentions';
import { Deeds } from './application/deeds';
import { ManageRetention } from './application/retention/manage-retention';
import { Purge } from './application/retention/purge';

const { getRetention, setRetention, previewPurge } = RetentionService.method;
const { searchEvents, getEvent, listAudit } = EventsService.method;
const DAY = 86_400_000;

let bench: RuledBench;

function said(id: string, type: string, days: number): NewEvent {
  return {
    ...{ id, workspaceId: 'ws_1', type, time: bench.parts.platform.clock.now() - days * DAY, correlationId: 'c', source: {} },
    ...{ actor: { kind: 'user', id: 'ada' }, payload: new TextEncoder().encode('{}') },
  };
}

beforeAll(async () => {
  bench = await RuledBench.start();
});

beforeEach(() => bench.rule([{ allow: ['manage'], on: ['events', 'retention', 'audit'] }]));

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

const call = (rules: object[], ifMatch = '*') =>
  bench.bus.call(setRetention, { workspaceId: 'hotel', rules, ifMatch }, bench.context).then(({ retention }) => retention);
const found = async (types: readonly string[]) =>
  (await bench.bus.call(searchEvents, { workspaceId: 'hotel', types: [...types], sort: 'oldest' }, bench.context)).items.map(
    ({ id }) => id,
  );
const counted = async (types: readonly string[]) =>
  (await bench.bus.call(HistoryService.method.aggregateEvents, { workspaceId: 'hotel', types: [...types] }, bench.context)).count;

describe('the retention of events', () => {
  it('hides what is older at once, in every way of asking, and removes it', async () => {
    await bench.said([said('a1', 'a.came', 10), said('a2', 'a.came', 2), said('a3', 'a.went', 10)]);
    expect(await found(['a.>'])).toEqual(['a1', 'a2', 'a3']);
    await call([{ types: ['a.came'], days: 5 }]);
    expect(await found(['a.>'])).toEqual(['a2', 'a3']);
    expect(await counted(['a.>'])).toBe(2);
    await expect(bench.bus.call(getEvent, { workspaceId: 'hotel', eventId: 'a1' }, bench.context)).rejects.toMatchObject({
      code: 'events.not_found',
    });
    await bench.gone('a1');
    expect(await found(['a.>'])).toEqual(['a2', 'a3']);
  });

  it('hides by default what is older than half a year, and keeps the audit', async () => {
    await bench.said([said('b1', 'b.came', 200), said('b2', 'workspaces.versions.published', 200)]);
    expect(await found(['b.>'])).toEqual([]);
    await call([{ types: ['>'], days: 1 }]);
    const { items } = await bench.bus.call(listAudit, { workspaceId: 'hotel', where: "type = 'workspaces.>'" }, bench.context);
    expect(items.map(({ id }) => id)).toEqual(['b2']);
    await call([]);
  });

  it('is counted before it is put in force, and told to the log after', async () => {
    await bench.said([said('c1', 'c.came', 10), said('c2', 'c.came', 10), said('c3', 'c.went', 3)]);
    const rules = [{ types: ['c.>'], days: 5 }];
    const preview = await bench.bus.call(previewPurge, { workspaceId: 'hotel', rules }, bench.context);
    expect(preview.types.filter(({ type }) => type.startsWith('c.'))).toMatchObject([{ type: 'c.came', count: 2 }]);
    expect(await found(['c.>'])).toHaveLength(3);
    await call(rules);
    await bench.gone('c1', 'c2');
    const told = await Array.fromAsync(bench.parts.platform.eventLog.read('first', 'ws_1.events.retention.changed', { live: false }));
    expect(JSON.parse(new TextDecoder().decode(told.at(-1)?.payload)) as JsonMap).toEqual({ rules });
    expect(told.at(-1)?.actor).toEqual({ kind: 'user', id: 'vera' });
  });

  it('is changed by nobody who has not seen what they change', async () => {
    const { retention } = await bench.bus.call(getRetention, { workspaceId: 'hotel' }, bench.context);
    const next = await call([{ types: ['d.>'], days: 7 }], retention?.etag);
    expect(next).toMatchObject({ rules: [{ types: ['d.>'], days: 7 }], defaultDays: 180, auditDays: 1_826 });
    await expect(call([], retention?.etag)).rejects.toMatchObject({
      code: 'retention.precondition_failed',
      facts: { etag: next?.etag, updatedBy: 'vera', updatedAt: expect.any(Number) },
    });
    await expect(call([], 'x')).rejects.toMatchObject({ code: 'retention.precondition_failed' });
    await expect(call([], '')).rejects.toMatchObject({ code: 'retention.precondition_required' });
    await expect(call([{ types: ['d..x'], days: 7 }])).rejects.toMatchObject({ code: 'events.pattern_invalid' });
    expect((await bench.bus.call(getRetention, { workspaceId: 'hotel' }, bench.context)).retention).toEqual(next);
  });

  it('stays as it is while the rules cannot be kept, and nothing else is told', async () => {
    const { clock, ids, eventLog, history } = bench.parts.platform;
    const away = new DomainError('kv.unavailable', 'unavailable', 'The store is away.');
    const write = async (): Promise<never> => {
      throw away;
    };
    const changed: string[] = [];
    const deeds = new Deeds(clock, ids);
    const parts = { history, retentions: { write } as unknown as Retentions, eventLog, clock, deeds };
    const manage = new ManageRetention({ ...parts, changed: (workspaceId) => changed.push(workspaceId) });
    await expect(manage.set(bench.context, 'ws_1', [], '*')).rejects.toBe(away);
    expect(changed).toEqual([]);
  });

  it('is for those who may manage it', async () => {
    await bench.rule([{ allow: ['read'], on: ['retention'] }]);
    await bench.bus.call(getRetention, { workspaceId: 'hotel' }, bench.context);
    await expect(call([])).rejects.toMatchObject({ code: 'retention.manage_denied' });
    await expect(bench.bus.call(previewPurge, { workspaceId: 'hotel' }, bench.context)).rejects.toMatchObject({
      code: 'retention.manage_denied',
    });
  });
});

describe('a purge', () => {
  /** A log that takes nothing. */
  class DeafLog extends EventLog {
    private away = (): never => {
      throw new DomainError('log.unavailable', 'unavailable', 'The log is away.');
    };
    override append = async () => this.away();
    override consume = async () => this.away();
    override read = () => this.away();
    override range = async () => this.away();
    override at = async () => this.away();
    override durables = async () => this.away();
    override dead = () => this.away();
    override remove = async () => this.away();
    override trim = async () => this.away();
    override close = async () => undefined;
  }
  class NoLog extends Log {
    override debug(): void {}
    override info(): void {}
    override warn(): void {}
    override error(): void {}
  }
  const days: Retentions['of'] = () => [{ types: ['e.>'], days: 5 }];

  function purgeOf(history: History, signal?: AbortController): Purge {
    const { clock, ids } = bench.parts.platform;
    const retentions = { of: days } as Retentions;
    const rest = async () => signal?.abort();
    return new Purge({ history, retentions, eventLog: new DeafLog(), clock, ids, log: new NoLog(), rest });
  }

  it('needs no log, can be stopped anywhere, and goes on where it was', async () => {
    const { history } = bench.parts.platform;
    const old = Array.from({ length: 450 }, (_, index) => said(`e${index}`, 'e.came', 10));
    await bench.said([...old, said('young', 'e.came', 1)]);
    const stop = new AbortController();
    expect(await purgeOf(history, stop).one('ws_1', stop.signal)).toBe(200);
    const never = new AbortController();
    await purgeOf(history).all(never.signal);
    const { items } = await history.search({ workspaceId: 'ws_1', types: ['e.>'], sort: 'oldest', limit: 200 });
    expect(items.map(({ id }) => id)).toEqual(['young']);
    expect(await purgeOf(history).one('ws_1', never.signal)).toBe(0);
  });

  it('begins with no other workspace once it is told to stop', async () => {
    const { history } = bench.parts.platform;
    const old = ['ws_1', 'ws_2'].map((workspaceId) => ({ ...said('old', 'e.came', 10), workspaceId }));
    await bench.said(old);
    const stop = new AbortController();
    await purgeOf(history, stop).all(stop.signal);
    const left = await Promise.all(old.map(({ workspaceId, id }) => history.get(workspaceId, id)));
    expect(left.filter((event) => event !== undefined)).toHaveLength(1);
  });
});

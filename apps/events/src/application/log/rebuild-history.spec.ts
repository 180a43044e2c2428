import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteHistory, type ItemResult } from '@millrace/history';
import { DomainError } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import type { LoggedEvent } from '@millrace/messaging';
import { DAY, KeptLog } from '../../../testing/kept-log';
import { Deeds } from '../deeds';
import { KeyValueLeases } from '../../infrastructure/key-value-leases';
import { KeyValueRebuilds } from '../../infrastructure/key-value-rebuilds';
import type { KeptRules, Retentions } from '../ports/retentions';
import { LogNews } from './log-news';
import { RebuildHistory } from './rebuild-history';

const context = { principal: { kind: 'user', id: 'olga', roles: ['platform-operator'] }, correlationId: 'req_1', deadline: 0 } as const;

let kept: KeptLog;
let history: SqliteHistory;

/** What becomes of the portions given to the store, the first one first; then it takes them. */
type Mishap = (events: readonly LoggedEvent[]) => Promise<readonly ItemResult[]>;

interface Instance {
  readonly name?: string;
  readonly mishaps?: Mishap[];
  readonly rested?: (isBusy: boolean) => void;
}

async function rebuilding({ name = 'one', mishaps = [], rested = () => undefined }: Instance = {}) {
  const { eventLog, time: clock, log, keyValue } = kept;
  const ids = new SystemIds(clock);
  let begun = 0;
  const rules: Pick<Retentions, 'of'> = { of: (): KeptRules['rules'] => [{ types: ['orders.seen'], days: 5 }] };
  const rebuild = new RebuildHistory({
    ...{ eventLog, clock, ids },
    history: { append: (events) => (mishaps.shift() ?? ((all: readonly LoggedEvent[]) => history.append(all)))(events) },
    retentions: rules as Retentions,
    rebuilds: await KeyValueRebuilds.open(keyValue),
    leases: await KeyValueLeases.open(keyValue, name),
    news: new LogNews({ eventLog, clock, ids, log }),
    deeds: new Deeds(clock, ids),
    rest: async (isBusy) => rested(isBusy),
    begun: () => (begun += 1),
  });
  return { rebuild, begun: () => begun };
}

const never = new AbortController().signal;
const found = async (): Promise<number> =>
  (await history.aggregate({ workspaceId: 'ws_1', by: { field: 'type', limit: 9 } }))[0]?.count ?? 0;

beforeEach(async () => {
  kept = new KeptLog();
  history = await SqliteHistory.open({ path: ':memory:' });
});

afterEach(async () => {
  await history.close();
  await kept[Symbol.asyncDispose]();
});

describe('a rebuild of the history', () => {
  it('adds what the history lacks, keeps what it has, and tells how much that was, once', async () => {
    await kept.say(1_200);
    await history.append(await Array.fromAsync(kept.eventLog.read('first', 'ws_1.>', { live: false })).then((all) => all.slice(3, 90)));
    const { rebuild, begun } = await rebuilding();
    await expect(rebuild.show()).rejects.toMatchObject({ code: 'events.rebuild_not_found', refusal: 'not-found' });
    const asked = await rebuild.begin(context);
    expect(asked).toMatchObject({ events: 0, next: 1n, last: 1_200n });
    expect((await rebuild.begin(context)).id).toBe(asked.id);
    expect(begun()).toBe(2);
    await kept.say(5);
    await rebuild.goOn(never);
    expect(await found()).toBe(1_200);
    expect(await rebuild.show()).toMatchObject({ id: asked.id, events: 1_200, refused: 0, next: 1_201n, finishedAt: kept.time.now() });
    await rebuild.goOn(never);
    expect(await kept.told('events.rebuilds.begun')).toEqual([{ rebuild: asked.id }]);
    expect(await kept.told('events.rebuilt')).toEqual([{ rebuild: asked.id, events: 1_200, skipped: 0, refused: 0 }]);
    expect((await rebuild.begin(context)).id).not.toBe(asked.id);
  });

  it('leaves out what is not kept, and counts what the store never takes', async () => {
    const fact = { workspaceId: 'ws_1', time: kept.time.now(), payload: new TextEncoder().encode('{}'), correlationId: 'c' };
    const by = { actor: { kind: 'user', id: 'ada' }, source: {} } as const;
    const old = { ...fact, ...by, id: 'old', type: 'orders.seen', time: kept.time.now() - 6 * DAY };
    const brief = { ...fact, ...by, id: 'brief', type: 'orders.paid', keep: 'log' as const };
    const wrong = { ...fact, ...by, id: 'wrong', type: 'orders.paid', payload: new TextEncoder().encode('no JSON') };
    await kept.eventLog.append([old, brief, wrong, { ...fact, ...by, id: 'fine', type: 'orders.paid' }]);
    const { rebuild } = await rebuilding();
    await rebuild.begin(context);
    await rebuild.goOn(never);
    expect(await rebuild.show()).toMatchObject({ events: 1, skipped: 2, refused: 1 });
    expect(await history.get('ws_1', 'fine')).toBeDefined();
    expect(await history.get('ws_1', 'old')).toBeUndefined();
  });

  it('waits for a store that is busy, and goes on where it was', async () => {
    await kept.say(700);
    const rests: boolean[] = [];
    const busy: Mishap = async (events) => events.map(() => ({ kind: 'busy', reason: 'away' }));
    const { rebuild } = await rebuilding({ mishaps: [busy, busy], rested: (isBusy) => rests.push(isBusy) });
    await rebuild.begin(context);
    await rebuild.goOn(never);
    expect(rests).toEqual([true, true, false, false, false]);
    expect(await found()).toBe(700);
  });

  it('is taken on by another instance when the one at it is gone in the middle, and by nobody else before', async () => {
    await kept.say(1_400);
    const stop = new AbortController();
    const dies: Mishap = async (events) => {
      await history.append(events);
      throw new Error('killed');
    };
    const one = await rebuilding({ mishaps: [(events) => history.append(events), dies] });
    await one.rebuild.begin(context);
    await expect(one.rebuild.goOn(stop.signal)).rejects.toThrow('killed');
    const two = await rebuilding({ name: 'two' });
    await two.rebuild.goOn(never);
    expect(await two.rebuild.show()).toMatchObject({ next: 501n });
    await one.rebuild.giveUp();
    await two.rebuild.goOn(never);
    expect(await two.rebuild.show()).toMatchObject({ events: 1_400, finishedAt: kept.time.now() });
    expect(await found()).toBe(1_400);
  });

  it('stops when it is told to', async () => {
    await kept.say(1_400);
    const stop = new AbortController();
    const { rebuild } = await rebuilding({ rested: () => stop.abort() });
    await rebuild.begin(context);
    await rebuild.goOn(stop.signal);
    expect(await rebuild.show()).toMatchObject({ events: 500 });
    await (await rebuilding({ name: 'two' })).rebuild.goOn(never);
    expect(await rebuild.show()).toMatchObject({ events: 1_400 });
  });

  it('goes on behind what was trimmed meanwhile', async () => {
    await kept.say(1_400);
    const stop = new AbortController();
    const { rebuild } = await rebuilding({ rested: () => stop.abort() });
    const { epoch } = await rebuild.begin(context);
    await rebuild.goOn(stop.signal);
    await kept.eventLog.trim({ epoch, offset: 1_001n });
    await rebuild.goOn(never);
    expect(await rebuild.show()).toMatchObject({ events: 900, next: 1_401n, finishedAt: kept.time.now() });
  });

  it('reads another log from its beginning, and fails as the log does', async () => {
    await kept.say(3);
    const { rebuild } = await rebuilding();
    await rebuild.begin(context);
    const rebuilds = await KeyValueRebuilds.open(kept.keyValue);
    const before = await rebuilds.read();
    if (before === undefined) throw new Error('There is none.');
    await rebuilds.write({ ...before.rebuild, epoch: 'before', next: 900n, last: 950n }, before.revision);
    await rebuild.goOn(never);
    expect(await rebuild.show()).toMatchObject({ events: 4, epoch: (await kept.eventLog.range()).epoch });
    const ended = await rebuilds.read();
    if (ended !== undefined) {
      const { finishedAt: _, ...open } = ended.rebuild;
      await rebuilds.write({ ...open, last: 9n }, ended.revision);
    }
    await rebuild.goOn(never);
    expect(await rebuild.show()).toMatchObject({ events: 5, next: 10n, finishedAt: kept.time.now() });
    await kept.say(1);
    await rebuild.begin(context);
    const read = kept.eventLog.read.bind(kept.eventLog);
    kept.eventLog.read = () => {
      throw new DomainError('log.unavailable', 'unavailable', 'The log is away.');
    };
    await expect(rebuild.goOn(never)).rejects.toMatchObject({ code: 'log.unavailable' });
    kept.eventLog.read = read;
  });

  it('is written by one: what another wrote meanwhile counts', async () => {
    await kept.say(3);
    const rebuilds = await KeyValueRebuilds.open(kept.keyValue);
    const meddling: Mishap = async (events) => {
      const now = await rebuilds.read();
      if (now !== undefined) await rebuilds.write({ ...now.rebuild, refused: 7, finishedAt: 1 }, now.revision);
      return history.append(events);
    };
    const { rebuild } = await rebuilding({ mishaps: [meddling] });
    await rebuild.begin(context);
    await rebuild.goOn(never);
    expect(await rebuild.show()).toMatchObject({ refused: 7, finishedAt: 1 });
    const all = await Promise.all([rebuild.begin(context), (await rebuilding({ name: 'two' })).rebuild.begin(context)]);
    expect(all[0].id).toBe(all[1].id);
  });
});

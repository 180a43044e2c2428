import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteKeyValue, type Bucket } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { VirtualTime } from '@millrace/testing';
import { Gatherings, type GatherKey, type GatheredEvent, type GatheredStart } from './gatherings';

const SECOND = 1_000;

const debounced: GatherKey = {
  workspaceId: 'ws_1',
  slug: 'index',
  key: 'doc-7',
  rule: { kind: 'debounce', period: SECOND, maxWait: 3 * SECOND },
};
const batched: GatherKey = { workspaceId: 'ws_1', slug: 'report', key: '', rule: { kind: 'batch', size: 3, within: 10 * SECOND } };

const event = (id: string): GatheredEvent => ({ id, locals: { payload: { from: id } } });

describe('gatherings', () => {
  let time: VirtualTime;
  let store: SqliteKeyValue;
  let bucket: Bucket;
  let gatherings: Gatherings;
  /** What was started, and the timers that were set and not seen to. */
  let started: (GatheredStart | undefined)[];
  let timers: Map<string, number>;
  /** A crash where one may be. */
  let crash: { beforeTimer?: boolean; beforeDone?: boolean };

  /** As the timers of the runtime do: an entry is taken, its run made safe, and done. */
  const fire = async (name: string): Promise<void> => {
    const start = await gatherings.take(name);
    if (start === undefined) return;
    started.push(start);
    if (crash.beforeDone !== true) await gatherings.done(name);
  };

  beforeEach(async () => {
    time = new VirtualTime(Date.UTC(2026, 0, 1));
    store = new SqliteKeyValue({ file: ':memory:', clock: time });
    bucket = await store.bucket('gatherings');
    [started, timers, crash] = [[], new Map<string, number>(), {}];
    const set = async (name: string, due: number): Promise<void> => {
      if (crash.beforeTimer === true) throw new Error('crashed');
      timers.set(name, due);
      time.set(due, () => void fire(name));
    };
    gatherings = new Gatherings({ bucket, clock: time, ids: new SystemIds(time), timers: { set } });
  });

  afterEach(async () => {
    await store.close();
  });

  const addAll = async (key: GatherKey, ...ids: readonly string[]): Promise<void> => {
    for (const id of ids) await gatherings.add(key, event(id));
  };
  const startedIds = (): readonly (readonly string[])[] => started.map((start) => start?.events.map(({ id }) => id) ?? []);
  const anyTimer = (): string => [...timers.keys()][0] ?? '';

  it('debounce: the last event starts the run, once nothing has come for a while', async () => {
    await addAll(debounced, 'e1');
    await time.advance(900);
    await addAll(debounced, 'e2');
    await time.advance(999);
    expect(started).toEqual([]);
    await time.advance(1);
    expect(started).toEqual([{ workspaceId: 'ws_1', slug: 'index', events: [event('e2')], count: 2 }]);
  });

  it('debounce: the run starts at the latest when it has waited as long as it may', async () => {
    for (let n = 0; n < 5; n++) {
      await addAll(debounced, `e${n}`);
      await time.advance(700);
    }
    expect(startedIds()).toEqual([['e4']]);
  });

  it('batch: one run has all events that came in time', async () => {
    await addAll(batched, 'e1', 'e2');
    await time.advance(10 * SECOND);
    expect(started).toEqual([{ workspaceId: 'ws_1', slug: 'report', events: [event('e1'), event('e2')], count: 2 }]);
  });

  it('batch: a full one starts at once, and the next is gathered meanwhile', async () => {
    await addAll(batched, 'e1', 'e2', 'e3', 'e4');
    await time.advance(0);
    expect(startedIds()).toEqual([['e1', 'e2', 'e3']]);
    await time.advance(10 * SECOND);
    expect(startedIds()).toEqual([['e1', 'e2', 'e3'], ['e4']]);
  });

  it('are apart for every key, automation and workspace', async () => {
    const others: readonly GatherKey[] = [
      batched,
      { ...batched, key: 'k' },
      { ...batched, slug: 's' },
      { ...batched, workspaceId: 'ws_2' },
    ];
    for (const key of others) await addAll(key, 'e1', 'e2');
    await time.advance(10 * SECOND);
    expect(startedIds()).toEqual(others.map(() => ['e1', 'e2']));
  });

  it('hold every event that comes at the same time', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `e${n}`);
    await Promise.all(ids.map((id) => gatherings.add(batched, event(id))));
    await time.advance(10 * SECOND);
    expect(startedIds().flat().toSorted()).toEqual(ids.toSorted());
    expect(startedIds()).toHaveLength(10);
  });

  it('add nothing when an event is delivered again, before and after its run', async () => {
    await addAll(batched, 'e1', 'e2', 'e1');
    await time.advance(10 * SECOND);
    await addAll(batched, 'e1', 'e2');
    await addAll(debounced, 'e1', 'e2', 'e1');
    await time.advance(10 * SECOND);
    expect(startedIds()).toEqual([['e1', 'e2'], ['e2']]);
  });

  it('leave nothing behind after a while', async () => {
    await addAll(batched, 'e1', 'e2', 'e1');
    await addAll(debounced, 'e1', 'e2');
    await time.advance(10 * SECOND);
    await addAll(batched, 'e1');
    expect(await bucket.list('event/')).toEqual([]);
    await time.advance(600 * SECOND);
    expect(await bucket.list('')).toEqual([]);
  });

  it('start the same when a process dies between taking one and seeing it done, and take nothing more meanwhile', async () => {
    crash.beforeDone = true;
    await addAll(batched, 'e1', 'e2');
    await time.advance(10 * SECOND);
    await addAll(batched, 'e3');
    await fire(anyTimer());
    expect(startedIds()).toEqual([
      ['e1', 'e2'],
      ['e1', 'e2'],
    ]);
    crash.beforeDone = false;
    await fire(anyTimer());
    await gatherings.done(anyTimer());
    expect(await gatherings.take(anyTimer())).toBeUndefined();
    await time.advance(10 * SECOND);
    expect(startedIds().at(-1)).toEqual(['e3']);
  });

  it('have a timer in the end though a process died before it set one', async () => {
    crash.beforeTimer = true;
    await expect(gatherings.add(batched, event('e1'))).rejects.toThrow('crashed');
    await expect(gatherings.add(debounced, event('e1'))).rejects.toThrow('crashed');
    crash.beforeTimer = false;
    await addAll(debounced, 'e2');
    expect(timers.size).toBe(0);
    await addAll(batched, 'e1');
    await addAll(debounced, 'e1');
    await time.advance(10 * SECOND);
    expect(startedIds()).toEqual([['e2'], ['e1']]);
  });

  it('say when an event they should have is gone', async () => {
    await addAll(batched, 'e1');
    for (const { key } of await bucket.list('event/')) await bucket.delete(key);
    time.jump(10 * SECOND);
    await expect(gatherings.take(anyTimer())).rejects.toThrow('is gone');
  });

  it('know their timers', async () => {
    await addAll(batched, 'e1');
    expect([Gatherings.owns(anyTimer()), Gatherings.owns('run/run_1')]).toEqual([true, false]);
  });
});

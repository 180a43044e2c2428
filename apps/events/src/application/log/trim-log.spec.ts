import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY, KeptLog } from '../../../testing/kept-log';
import { BackPressure } from '../back-pressure';

const KIB = 1024;
const MIB = 1024 * KIB;
const MINUTE = 60_000;

let kept: KeptLog;

/** A durable that has taken nothing, and does not run. */
async function stuck(name: string, start: 'first' | 'now' = 'now'): Promise<void> {
  const durable = { name, filter: ['ws_1.>'], order: 'none', parallel: 1, attempts: 5, start } as const;
  await (await kept.eventLog.consume(durable, async () => ({ kind: 'done' }))).stop(0);
}

const full = async (): Promise<number> => {
  const { bytes, capacity } = await kept.eventLog.range();
  return bytes / capacity;
};

beforeEach(() => {
  kept = new KeptLog();
});

afterEach(() => kept[Symbol.asyncDispose]());

describe('the trimming of the log', () => {
  it('lets go of what is older than it is kept, and of nothing else', async () => {
    const trimLog = await kept.trimming();
    await kept.say(3);
    kept.time.jump(20 * DAY);
    const young = await kept.say(2);
    expect(await trimLog.run()).toBe(0);
    kept.time.jump(10 * DAY + 1);
    expect(await trimLog.run()).toBe(3);
    expect(await kept.kept()).toEqual(young);
    kept.time.jump(30 * DAY);
    expect(await trimLog.run()).toBe(2);
    expect(await trimLog.run()).toBe(0);
  });

  it('waits for every durable that has something to do, but for those that are abandoned', async () => {
    await stuck('gone');
    await kept.say(2);
    await stuck('slow');
    await kept.say(2);
    kept.time.jump(31 * DAY);
    expect(await (await kept.trimming()).run()).toBe(0);
    expect(await (await kept.trimming('one', ['gone'])).run()).toBe(2);
    expect(await (await kept.trimming('one', ['gone', 'slow'])).run()).toBe(2);
  });

  it('cuts a log that grows too large, the oldest first, down to less than what somebody is told of', async () => {
    await using small = new KeptLog(4 * MIB);
    const trimLog = await small.trimming();
    const ids = await small.say(250, 10 * KIB);
    while ((await trimLog.run()) > 0);
    const { bytes, capacity } = await small.eventLog.range();
    expect(bytes / capacity).toBeLessThan(0.5);
    expect(bytes / capacity).toBeGreaterThan(0.35);
    const left = await small.kept();
    expect(left).toEqual(ids.slice(-left.length));
    expect(await small.told('events.log.filling')).toEqual([]);
  });

  it('tells once for each level that the log fills, and for whom it waits; the door closes, and opens when there is room', async () => {
    await kept[Symbol.asyncDispose]();
    kept = new KeptLog(4 * MIB);
    const trimLog = await kept.trimming();
    let nudges = 0;
    const door = new BackPressure(kept.eventLog, kept.time, () => (nudges += 1));
    await stuck('history');
    const fill = async (share: number): Promise<void> => {
      while ((await full()) < share) await kept.say(1, 40 * KIB);
      kept.time.jump(MINUTE);
      expect(await trimLog.run()).toBe(0);
      await trimLog.run();
    };
    await fill(0.52);
    const half = { percent: 52, waitsFor: 'history' };
    expect(await kept.told('events.log.filling')).toEqual([half]);
    await door.check();
    await fill(0.8);
    expect(await kept.told('events.log.filling')).toEqual([half, { percent: 80, waitsFor: 'history' }]);
    await expect(door.check()).rejects.toMatchObject({ code: 'events.log_filling', refusal: 'unavailable' });
    expect(nudges).toBe(1);
    kept.time.jump(MINUTE);
    const resumed = await kept.trimming('one', ['history']);
    expect(await resumed.run()).toBeGreaterThan(0);
    await door.check();
  });

  it('tells of a log that fills again after there was room', async () => {
    await kept[Symbol.asyncDispose]();
    kept = new KeptLog(4 * MIB);
    const trimLog = await kept.trimming();
    const fillFor = async (percent: number): Promise<void> => {
      while ((await full()) < percent / 100) await kept.say(1, 40 * KIB);
    };
    const holding = await kept.eventLog.consume(
      { name: 'slow', filter: ['ws_1.>'], order: 'none', parallel: 1, attempts: 5, start: 'first' },
      () => new Promise(() => undefined),
    );
    await fillFor(55);
    await trimLog.run();
    await holding.stop(0);
    const seen = Promise.withResolvers<void>();
    const last = (await kept.kept()).at(-1);
    const working = await kept.eventLog.consume(
      { name: 'slow', filter: ['ws_1.>'], order: 'none', parallel: 8, attempts: 5, start: 'first' },
      async ({ id }) => {
        if (id === last) seen.resolve();
        return { kind: 'done' };
      },
    );
    await seen.promise;
    await working.stop(1_000);
    while ((await trimLog.run()) > 0);
    expect(await kept.told('events.log.filling')).toEqual([{ percent: 55, waitsFor: 'slow' }]);
    await stuck('slower', 'first');
    await fillFor(65);
    await trimLog.run();
    const again = { percent: expect.any(Number), waitsFor: 'slower' };
    expect(await kept.told('events.log.filling')).toEqual([{ percent: 55, waitsFor: 'slow' }, again]);
  });

  it('names the durable that is furthest behind, and nobody when none is; a log that takes nothing more stops it not', async () => {
    await kept[Symbol.asyncDispose]();
    kept = new KeptLog(4 * MIB);
    const { epoch } = await kept.eventLog.range();
    const behind = (name: string, offset: bigint) => ({ name, lag: 1, undone: { epoch, offset } });
    await stuck('real', 'first');
    const filled = async (durables: Awaited<ReturnType<typeof kept.eventLog.durables>>): Promise<void> => {
      const trimLog = await kept.trimming();
      kept.eventLog.durables = async () => durables;
      while ((await full()) < 0.55) await kept.say(1, 40 * KIB);
      await trimLog.run();
    };
    await filled([behind('one', 5n), behind('two', 3n), behind('three', 4n), { name: 'four', lag: 0 }]);
    await filled([]);
    expect(await kept.told('events.log.filling')).toEqual([{ percent: 55, waitsFor: 'two' }, { percent: 55 }]);
    kept.eventLog.append = () => Promise.reject(new Error('The log is away.'));
    await filled([]);
    expect(await kept.told('events.log.filling')).toHaveLength(2);
  });

  it('is done by one instance at a time, and by another once that is gone', async () => {
    const [one, two] = [await kept.trimming('one'), await kept.trimming('two')];
    await kept.say(1);
    kept.time.jump(10_000);
    await kept.say(1);
    kept.time.jump(30 * DAY - 9_999);
    expect(await one.run()).toBe(1);
    kept.time.jump(10_000);
    expect(await two.run()).toBe(0);
    await two.giveUp();
    expect(await two.run()).toBe(0);
    await one.giveUp();
    expect(await two.run()).toBe(1);
    await kept.say(1);
    kept.time.jump(31 * DAY);
    expect(await one.run()).toBe(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { DAY, KeptLog } from '../../../testing/kept-log';
import { EachMinute } from './each-minute';

const MINUTE = 60_000;

async function trimming(kept: KeptLog, more: { fails?: () => boolean } = {}): Promise<EachMinute> {
  const { time, log } = kept;
  const trimLog = await kept.trimming();
  const work = async (): Promise<unknown> => {
    if (more.fails?.() === true) throw new Error('The log is away.');
    return trimLog.run();
  };
  return new EachMinute({ name: 'trimming', work, giveUp: () => trimLog.giveUp() }, { alarms: time, clock: time, log });
}

describe('what is done each minute', () => {
  it('is done at the start, each minute, and when it is told to, until the end', async () => {
    await using kept = new KeptLog();
    const chore = await trimming(kept);
    await kept.say(1);
    kept.time.jump(31 * DAY);
    chore.onApplicationBootstrap();
    await kept.time.advance(0);
    expect(await kept.kept()).toEqual([]);
    await kept.say(1);
    kept.time.jump(31 * DAY);
    await kept.time.advance(MINUTE);
    expect(await kept.kept()).toEqual([]);
    await kept.say(1);
    kept.time.jump(31 * DAY);
    chore.begin();
    chore.begin();
    await chore.beforeApplicationShutdown();
    expect(await kept.kept()).toEqual([]);
    expect(kept.time.pending()).toBe(0);
    chore.begin();
    expect(kept.time.pending()).toBe(0);
  });

  it('is tried again when it failed', async () => {
    await using kept = new KeptLog();
    let fails = true;
    const chore = await trimming(kept, { fails: () => fails });
    await kept.say(1);
    kept.time.jump(31 * DAY);
    chore.onApplicationBootstrap();
    await kept.time.advance(MINUTE);
    expect(await kept.kept()).toHaveLength(1);
    fails = false;
    await kept.time.advance(MINUTE);
    expect(await kept.kept()).toEqual([]);
    await chore.beforeApplicationShutdown();
  });

  it('hears when it is to stop, and is waited for', async () => {
    await using kept = new KeptLog();
    const { time, log } = kept;
    const ended = Promise.withResolvers<void>();
    let stopped = false;
    const work = async (signal: AbortSignal): Promise<void> => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await ended.promise;
      stopped = true;
    };
    const chore = new EachMinute({ name: 'waiting', work, giveUp: async () => undefined }, { alarms: time, clock: time, log });
    chore.onApplicationBootstrap();
    const stopping = chore.beforeApplicationShutdown();
    ended.resolve();
    await stopping;
    expect(stopped).toBe(true);
  });
});

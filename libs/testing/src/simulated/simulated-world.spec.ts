import { describe, expect, it } from '@jest/globals';
import type { Bucket } from '@millrace/messaging';
import { sampleDurable, sampleEvent } from './event-log/sample-event';
import type { SimulatedProcess } from './simulated-process';
import { SimulatedWorld } from './simulated-world';

const SEEDS = Array.from({ length: 40 }, (_, index) => index);
const byte = (value: number): Uint8Array => Uint8Array.of(value);

/** Two consumers that crash now and then and come back, at work on ten events. */
async function busyWorld(seed: number): Promise<SimulatedWorld> {
  const world = new SimulatedWorld(seed);
  const begin = (): void => {
    const process = world.process();
    const work = async (): Promise<void> => {
      const bucket = await process.keyValue.bucket('seen');
      await process.eventLog.consume(sampleDurable(), async ({ id }) => {
        await bucket.put(id, byte(1));
        return { kind: 'done' };
      });
    };
    void work();
  };
  world.onDurable((_name, n, moment, by) => {
    if (n % 7 !== 0 || moment === 'before' || by.name === 'source') return;
    by.crash();
    begin();
  });
  begin();
  begin();
  const { eventLog } = world.process('source');
  for (let n = 0; n < 10; n++) void eventLog.append([sampleEvent(`e${n}`, { key: `k${n % 3}` })]);
  await world.runFor(3_600_000);
  return world;
}

describe('SimulatedWorld', () => {
  it('has the same history for the same seed, and others for other seeds', async () => {
    const histories = new Set<string>();
    for (const seed of SEEDS) {
      const [one, again] = [await busyWorld(seed), await busyWorld(seed)];
      expect(one.history).toEqual(again.history);
      histories.add(one.history.join('\n'));
    }
    expect(histories.size).toBe(SEEDS.length);
  });

  it('lets operations take effect and be answered in any order', async () => {
    const [effects, answers] = [new Set<string>(), new Set<string>()];
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed);
      const { keyValue } = world.process();
      const bucket = await world.finish(keyValue.bucket('b'));
      const order: string[] = [];
      const revisions = await world.finish(
        Promise.all(['a', 'b', 'c'].map((key) => bucket.put(key, byte(1)).finally(() => order.push(key)))),
      );
      effects.add(revisions.join());
      answers.add(order.join());
    }
    expect([effects.size, answers.size]).toEqual([6, 6]);
  });

  it('keeps the order of appends of one process, and of its writes to one key', async () => {
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed);
      const { eventLog, keyValue } = world.process();
      const bucket = await world.finish(keyValue.bucket('b'));
      const appends = ['a', 'b', 'c'].map((id) => eventLog.append([sampleEvent(id)]));
      const puts = [1, 2, 3].map((value) => bucket.put('same', byte(value)));
      const [offsets, revisions] = [
        (await world.finish(Promise.all(appends))).map(([appended]) => appended?.position.offset),
        await world.finish(Promise.all(puts)),
      ];
      expect(offsets).toEqual([1n, 2n, 3n]);
      expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    }
  });

  it('moves time to the next alarm when nothing is pending', async () => {
    const world = new SimulatedWorld(1);
    const { alarms, clock } = world.process();
    const start = clock.now();
    const rung: number[] = [];
    const ring = (): unknown => rung.push(clock.now() - start);
    alarms.set(start + 86_400_000, ring);
    alarms.set(start + 5, ring);
    alarms.set(start - 5, ring);
    alarms.set(start + 7, ring)();
    await world.run();
    expect(rung).toEqual([0, 5, 86_400_000]);
  });

  it('lets exactly the time pass that it is told to', async () => {
    const world = new SimulatedWorld(1);
    const { alarms, clock } = world.process();
    const start = clock.now();
    let isRung = false;
    alarms.set(start + 101, () => (isRung = true));
    await world.runFor(100);
    expect([clock.now() - start, isRung]).toEqual([100, false]);
    await world.runFor(1);
    expect([clock.now() - start, isRung]).toEqual([101, true]);
  });

  it('lets time pass while things are pending when steps take time', async () => {
    const world = new SimulatedWorld(1, { pace: 10 });
    const { keyValue, clock } = world.process();
    const start = clock.now();
    await world.finish(keyValue.bucket('b'));
    expect(clock.now()).toBeGreaterThan(start);
  });

  it('says with its seed that it is stuck, and what happened last', async () => {
    const world = new SimulatedWorld(77);
    const process = world.process('lonely');
    await world.finish(process.keyValue.bucket('b'));
    await expect(world.run(() => false)).rejects.toThrow(/Nothing is left to happen.*seed 77[^]*lonely kv.bucket b/);
    await expect(world.finish(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });

  it('is run by one at a time', async () => {
    const world = new SimulatedWorld(1);
    const first = world.runFor(1);
    await expect(world.run()).rejects.toThrow('already');
    await first;
    await world.run();
  });

  it('ends without waiting for entries to run out of time, unless that is what is waited for', async () => {
    const world = new SimulatedWorld(1);
    const { keyValue, clock } = world.process();
    const start = clock.now();
    const bucket = await world.finish(keyValue.bucket('b', { ttl: 60_000 }));
    await world.finish(bucket.put('a', byte(1)));
    await world.run();
    expect(clock.now()).toBe(start);
    await world.run(() => clock.now() > start);
    expect(await world.finish(bucket.get('a'))).toBeUndefined();
  });
});

describe('a crash', () => {
  /** Writes a, b, c one after the other. */
  async function write(bucket: Bucket): Promise<void> {
    for (const key of ['a', 'b', 'c']) await bucket.put(key, byte(1));
  }

  async function keysAfterCrash(seed: number, at: number, moment: 'before' | 'after'): Promise<readonly string[]> {
    const world = new SimulatedWorld(seed);
    const process = world.process();
    const stop = world.onDurable((_name, n, when, by) => {
      if (n === at && when === moment) by.crash();
    });
    void process.keyValue.bucket('b').then(write);
    await world.run(() => !process.isAlive);
    await world.run();
    stop();
    const bucket = await world.finish(world.process().keyValue.bucket('b'));
    return (await world.finish(bucket.list(''))).map(({ key }) => key);
  }

  it('can come before and after each durable operation', async () => {
    expect(await keysAfterCrash(1, 1, 'before')).toEqual([]);
    expect(await keysAfterCrash(1, 1, 'after')).toEqual(['a']);
    expect(await keysAfterCrash(1, 2, 'before')).toEqual(['a']);
    expect(await keysAfterCrash(1, 3, 'after')).toEqual(['a', 'b', 'c']);
  });

  it('counts durable operations, and names them', async () => {
    const world = new SimulatedWorld(1);
    const { keyValue, eventLog } = world.process();
    const told: string[] = [];
    world.onDurable((name, n, moment) => told.push(`${n} ${name} ${moment}`));
    const bucket = await world.finish(keyValue.bucket('b'));
    await world.finish(bucket.put('a', byte(1)));
    await world.finish(bucket.get('a'));
    await world.finish(eventLog.append([sampleEvent('e')]));
    expect(told).toEqual(['1 kv.put b before', '1 kv.put b after', '2 log.append before', '2 log.append after']);
    expect(world.writes).toBe(2);
  });

  it('finds an append not done, done without an answer, or answered, and leaves it so', async () => {
    const found = new Set<string>();
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed);
      const [process, other] = [world.process(), world.process()];
      let isAnswered = false;
      const listen = async (): Promise<void> => {
        await process.eventLog.append([sampleEvent('e'), sampleEvent('f')]);
        isAnswered = true;
      };
      void listen();
      await world.finish(other.eventLog.range());
      process.crash();
      const before = [world.writes, isAnswered];
      await world.run();
      expect([world.writes, isAnswered]).toEqual(before);
      expect((await world.finish(other.eventLog.range())).last).toBe(BigInt(2 * world.writes));
      found.add(before.join());
    }
    expect([...found].sort()).toEqual(['0,false', '1,false', '1,true']);
  });

  it('silences alarms, watches and everything asked for later', async () => {
    const world = new SimulatedWorld(1);
    const [process, other] = [world.process(), world.process()];
    const heard: string[] = [];
    const hear =
      (what: string): (() => void) =>
      () =>
        heard.push(what);
    const bucket = await world.finish(process.keyValue.bucket('b'));
    await world.finish(bucket.watch('', hear('change')));
    const crashedAt = process.clock.now();
    process.alarms.set(crashedAt + 5, hear('alarm'));
    process.crash();
    process.crash();
    process.pause();
    process.resume();
    process.alarms.set(process.clock.now() + 5, hear('late alarm'))();
    void bucket.put('late', byte(1)).then(hear('answer'));
    const others = await world.finish(other.keyValue.bucket('b'));
    await world.finish(others.put('a', byte(1)));
    await world.run();
    expect(heard).toEqual([]);
    expect((await world.finish(others.list(''))).map(({ key }) => key)).toEqual(['a']);
    expect([process.isAlive, process.clock.now()]).toEqual([false, crashedAt]);
  });
});

describe('a pause', () => {
  const paused = async (process: SimulatedProcess, world: SimulatedWorld): Promise<Bucket> => {
    const bucket = await world.finish(process.keyValue.bucket('b'));
    process.pause();
    return bucket;
  };

  it('keeps everything from the process until it goes on, in order where there is one', async () => {
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed);
      const [process, other] = [world.process(), world.process()];
      const heard: string[] = [];
      const early = await world.finish(process.keyValue.bucket('b'));
      await world.finish(early.watch('', ({ key }) => heard.push(key)));
      process.alarms.set(process.clock.now() + 5, () => heard.push('alarm'));
      await paused(process, world);
      const bucket = await world.finish(other.keyValue.bucket('b'));
      for (const key of ['x', 'y', 'z']) await world.finish(bucket.put(key, byte(1)));
      await world.runFor(60_000);
      expect([heard, process.isPaused]).toEqual([[], true]);
      process.resume();
      await world.run();
      expect(heard.filter((what) => what !== 'alarm')).toEqual(['x', 'y', 'z']);
      expect(heard).toHaveLength(4);
    }
  });

  it('lets what was asked for take effect, and a late write meet the revision of a successor', async () => {
    const world = new SimulatedWorld(1);
    const [zombie, successor] = [world.process(), world.process()];
    const bucket = await world.finish(zombie.keyValue.bucket('b'));
    const revision = await world.finish(bucket.put('lease', byte(1)));
    const written = bucket.put('other', byte(1));
    zombie.pause();
    const taken = await world.finish(successor.keyValue.bucket('b'));
    await world.finish(taken.putIf('lease', byte(2), revision));
    await world.run();
    expect((await world.finish(taken.get('other')))?.value).toEqual(byte(1));
    zombie.resume();
    await world.finish(written);
    await expect(world.finish(bucket.putIf('lease', byte(3), revision))).rejects.toMatchObject({ code: 'kv.revision_conflict' });
  });

  it('is over when the process crashes', async () => {
    const world = new SimulatedWorld(1);
    const process = world.process();
    let isRung = false;
    process.alarms.set(process.clock.now() + 5, () => (isRung = true));
    process.pause();
    await world.runFor(10);
    process.crash();
    process.resume();
    await world.run();
    expect(isRung).toBe(false);
  });
});

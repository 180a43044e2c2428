import { describe, expect, it } from '@jest/globals';
import type { Bucket } from '@millrace/messaging';
import type { SimulatedProcess } from '../simulated-process';
import { SimulatedWorld } from '../simulated-world';

const SEEDS = Array.from({ length: 60 }, (_, index) => index);
const number = (value: Uint8Array | undefined): number => value?.[0] ?? 0;
const byte = (value: number): Uint8Array => Uint8Array.of(value);

function open(world: SimulatedWorld, process: SimulatedProcess, ttl?: number): Promise<Bucket> {
  return world.finish(process.keyValue.bucket('b', ttl === undefined ? {} : { ttl }));
}

/** Counts one up by compare-and-set, as often as it takes. */
async function increment(bucket: Bucket): Promise<void> {
  for (;;) {
    const entry = await bucket.get('count');
    const won = await bucket.putIf('count', byte(number(entry?.value) + 1), entry?.revision ?? 0).then(Boolean, () => false);
    if (won) return;
  }
}

describe('SimulatedKeyValue', () => {
  it('loses no increment among processes that race', async () => {
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed);
      const buckets = [await open(world, world.process()), await open(world, world.process()), await open(world, world.process())];
      await world.finish(Promise.all(buckets.flatMap((bucket) => [increment(bucket), increment(bucket)])));
      const [bucket] = buckets;
      expect(number((await world.finish(bucket?.get('count') ?? Promise.resolve(undefined)))?.value)).toBe(6);
    }
  });

  it('shows what can go wrong without compare-and-set', async () => {
    const counts = new Set<number>();
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed);
      const careless = async (bucket: Bucket): Promise<unknown> =>
        bucket.put('count', byte(number((await bucket.get('count'))?.value) + 1));
      const [one, other] = [await open(world, world.process()), await open(world, world.process())];
      await world.finish(Promise.all([careless(one), careless(other)]));
      counts.add(number((await world.finish(one.get('count')))?.value));
    }
    expect(counts).toEqual(new Set([1, 2]));
  });

  it('tells each watcher what is there, that it is complete, and every change after that, in order', async () => {
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed);
      const [writer, reader] = [await open(world, world.process()), await open(world, world.process())];
      await world.finish(writer.put('n', byte(1)));
      const seen: string[] = [];
      void reader.watch(
        'n',
        ({ value }) => seen.push(`${number(value)}`),
        () => seen.push('ready'),
      );
      for (let n = 2; n < 8; n++) void writer.put('n', byte(n));
      void writer.delete('n');
      await world.run();
      const all = ['1', '2', '3', '4', '5', '6', '7', '0'];
      const told = seen.filter((what) => what !== 'ready');
      expect(told).toEqual(all.slice(all.length - told.length));
      expect(seen).toHaveLength(told.length + 1);
      expect(seen.indexOf('ready')).toBeLessThanOrEqual(1);
    }
  });

  it('lets entries run out of time, also while nobody is there, and tells of it', async () => {
    const world = new SimulatedWorld(1);
    const [short, watcher] = [await open(world, world.process(), 50), await open(world, world.process())];
    const gone: string[] = [];
    await world.finish(watcher.watch('', ({ key, value }) => (value === undefined ? gone.push(key) : undefined)));
    await world.finish(short.put('a', byte(1)));
    await world.finish(short.put('b', byte(1), { ttl: 1_000 }));
    await world.finish(short.put('again', byte(1)));
    await world.runFor(49);
    await world.finish(short.put('again', byte(2)));
    await world.runFor(1);
    expect([gone, (await world.finish(short.list(''))).map(({ key }) => key)]).toEqual([['a'], ['again', 'b']]);
    await world.runFor(1_000);
    expect(gone).toEqual(['a', 'again', 'b']);
  });

  it('hides an entry the moment its time is over, whatever is told when', async () => {
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed);
      const process = world.process();
      const bucket = await open(world, process);
      await world.finish(bucket.put('a', byte(1), { ttl: 50 }));
      let found: unknown = 'nothing yet';
      process.alarms.set(process.clock.now() + 50, () => void bucket.get('a').then((entry) => (found = entry)));
      await world.runFor(50);
      expect(found).toBeUndefined();
    }
  });

  it('goes on with what is there in the next incarnation', async () => {
    const world = new SimulatedWorld(1);
    const process = world.process();
    const revision = await world.finish((await open(world, process)).put('a', byte(7)));
    process.crash();
    expect(await world.finish((await open(world, world.process())).get('a'))).toEqual({ key: 'a', value: byte(7), revision });
  });
});

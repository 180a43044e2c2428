import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Bucket, SqliteKeyValue, type Change, type Entry, type PutOptions, type Watch } from '@millrace/messaging';
import { Log, type LogFields } from '@millrace/observability';
import { VirtualTime } from '@millrace/testing';
import { Timers } from './timers';

const NOON = Date.UTC(2026, 5, 1, 12);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

class Kept extends Log {
  readonly lines: string[] = [];
  override debug(): void {}
  override info(): void {}
  override error(): void {}
  override warn(message: string, _fields?: LogFields): void {
    this.lines.push(message);
  }
}

/** A bucket whose calls can be held up or refused, and which counts what it is asked. */
class Watched extends Bucket {
  readonly listed: string[] = [];
  away = false;
  /** Awaited after a put is durable and before it is said to be. */
  onPut: (key: string) => Promise<void> = () => Promise.resolve();

  constructor(private readonly inner: Bucket) {
    super();
  }

  override get(key: string): Promise<Entry | undefined> {
    return this.open(() => this.inner.get(key));
  }

  override put(key: string, value: Uint8Array, options?: PutOptions): Promise<number> {
    return this.open(async () => {
      const revision = await this.inner.put(key, value, options);
      await this.onPut(key);
      return revision;
    });
  }

  override putIf(key: string, value: Uint8Array, revision: number, options?: PutOptions): Promise<number> {
    return this.open(() => this.inner.putIf(key, value, revision, options));
  }

  override delete(key: string, revision?: number): Promise<void> {
    return this.open(() => this.inner.delete(key, revision));
  }

  override list(prefix: string): Promise<readonly Entry[]> {
    this.listed.push(prefix);
    return this.open(() => this.inner.list(prefix));
  }

  override watch(prefix: string, onChange: (change: Change) => void, onReady?: () => void): Promise<Watch> {
    return this.open(() => this.inner.watch(prefix, onChange, onReady));
  }

  private async open<T>(call: () => Promise<T>): Promise<T> {
    if (this.away) throw new Error('the bucket is away');
    return call();
  }
}

describe('Timers', () => {
  let store: SqliteKeyValue;
  let time: VirtualTime;
  let bucket: Watched;
  let fired: [string, number][];
  const log = new Kept();
  const running: Timers[] = [];

  const timersOf = (of: Bucket = bucket): Timers => {
    const timers = new Timers({ bucket: of, clock: time, alarms: time, log });
    running.push(timers);
    return timers;
  };
  const note = (name: string): Promise<void> => {
    fired.push([name, time.now() - NOON]);
    return Promise.resolve();
  };
  const started = async (fire: (name: string) => Promise<void> = note): Promise<Timers> => {
    const timers = timersOf();
    await timers.start(fire);
    return timers;
  };
  const left = async (): Promise<string[]> => (await bucket.list('')).map(({ key }) => key).filter((key) => key !== 'swept');

  beforeEach(async () => {
    time = new VirtualTime(NOON + 30 * SECOND);
    store = new SqliteKeyValue({ file: ':memory:', clock: time });
    bucket = new Watched(await store.bucket('timers'));
    fired = [];
    log.lines.length = 0;
  });

  afterEach(async () => {
    bucket.away = false;
    for (const timers of running.splice(0)) await timers.stop();
    await store.close();
  });

  it('fires each entry at its time, and lets it go', async () => {
    const timers = await started();
    const times = [31 * SECOND, 59_999, MINUTE, 2 * MINUTE + 1, 26 * HOUR + 17];
    for (const at of times) await timers.set(`at-${at}`, NOON + at);
    await time.advance(27 * HOUR);
    expect(fired).toEqual(times.map((at) => [`at-${at}`, at]));
    expect(await left()).toEqual([]);
  });

  it('fires at once what is overdue when it is set', async () => {
    const timers = await started();
    await timers.set('late', NOON - HOUR);
    await time.advance(0);
    expect(fired).toEqual([['late', 30 * SECOND]]);
    expect(await left()).toEqual([]);
  });

  it('holds in memory what is due soon only', async () => {
    const timers = await started();
    const before = time.pending();
    for (let n = 0; n < 50; n++) await timers.set(`far-${n}`, NOON + 3 * MINUTE + n);
    await time.advance(0);
    expect(time.pending()).toBe(before);
    await time.advance(2 * MINUTE);
    expect(time.pending()).toBe(before + 50);
  });

  it('sees what other instances set', async () => {
    await started();
    const other = timersOf();
    await other.set('soon', NOON + 40 * SECOND);
    await other.set('next-minute', NOON + 70 * SECOND);
    await other.set('far', NOON + HOUR);
    await time.advance(2 * HOUR);
    expect(fired).toEqual([
      ['soon', 40 * SECOND],
      ['next-minute', 70 * SECOND],
      ['far', HOUR],
    ]);
  });

  it('does not fire what was cleared', async () => {
    const timers = await started();
    await timers.set('soon', NOON + 40 * SECOND);
    await timers.set('far', NOON + HOUR);
    await timers.set('late', NOON);
    await timers.clear('soon', NOON + 40 * SECOND);
    await timers.clear('far', NOON + HOUR);
    await timers.clear('late', NOON);
    await timers.clear('never', NOON + HOUR);
    await time.advance(2 * HOUR);
    expect(fired).toEqual([]);
  });

  it('lets two instances fire the same entry at once, and both let it go', async () => {
    const { promise: both, resolve } = Promise.withResolvers<void>();
    const meet = async (name: string): Promise<void> => {
      await note(name);
      if (fired.length === 2) resolve();
      await both;
    };
    const instances = [await started(meet), await started(meet)];
    await timersOf().set('met', NOON + 40 * SECOND);
    await time.advance(MINUTE);
    expect(fired).toEqual([
      ['met', 40 * SECOND],
      ['met', 40 * SECOND],
    ]);
    await Promise.all(instances.map((timers) => timers.stop()));
    expect(await left()).toEqual([]);
    expect(log.lines).toEqual([]);
  });

  describe('after downtime', () => {
    it('fires what came due meanwhile at once, and looks only through the minutes since', async () => {
      const timers = await started();
      for (const hours of [1, 2, 30]) await timers.set(`h-${hours}`, NOON + hours * HOUR);
      await time.advance(5 * MINUTE);
      await timers.stop();
      time.jump(26 * HOUR);
      bucket.listed.length = 0;
      await started();
      expect(bucket.listed.length).toBeLessThan(40);
      expect(bucket.listed.every((prefix) => prefix.length >= 4)).toBe(true);
      await time.advance(0);
      expect(fired.map(([name]) => name)).toEqual(['h-1', 'h-2']);
      await time.advance(5 * HOUR);
      expect(fired.map(([name]) => name)).toEqual(['h-1', 'h-2', 'h-30']);
    });

    it('finds what was in hand when the process ended', async () => {
      const timers = await started(() => Promise.reject(new Error('cannot now')));
      await timers.set('stubborn', NOON + 40 * SECOND);
      await time.advance(10 * MINUTE);
      await timers.stop();
      time.jump(HOUR);
      await started();
      await time.advance(0);
      expect(fired.map(([name]) => name)).toEqual(['stubborn']);
    });

    it('goes on when the machine slept', async () => {
      const timers = await started();
      await timers.set('slept-over', NOON + 2 * HOUR);
      await timers.set('ahead', NOON + 5 * HOUR + 45 * SECOND);
      time.jump(5 * HOUR);
      await time.advance(MINUTE);
      expect(fired).toEqual([
        ['slept-over', 5 * HOUR + 30 * SECOND],
        ['ahead', 5 * HOUR + 45 * SECOND],
      ]);
    });

    it('keeps its times when the clock is set back while it runs', async () => {
      const timers = await started();
      time.jump(-HOUR);
      await timers.set('soon', time.now() + 5 * MINUTE);
      await timers.set('later', time.now() + 50 * MINUTE);
      await time.advance(2 * HOUR);
      expect(fired.map(([name, at]) => [name, (at - 30 * SECOND + HOUR) / MINUTE])).toEqual([
        ['soon', 5],
        ['later', 50],
      ]);
    });

    it('begins anew where the clock was set back', async () => {
      await (await started()).stop();
      time.jump(-HOUR);
      const timers = await started();
      await timers.set('again', NOON - 20 * MINUTE);
      await time.advance(2 * HOUR);
      expect(fired).toEqual([['again', -20 * MINUTE]]);
    });
  });

  describe('what cannot be seen to', () => {
    it('is tried again after 1 s, 2 s … 60 s', async () => {
      const tries: number[] = [];
      const timers = await started(() => {
        tries.push((time.now() - NOON) / SECOND);
        return tries.length < 9 ? Promise.reject(new Error('not yet')) : Promise.resolve();
      });
      await timers.set('stubborn', NOON + 40 * SECOND);
      await time.advance(10 * MINUTE);
      expect(tries).toEqual([40, 41, 43, 47, 55, 71, 103, 163, 223]);
      expect(await left()).toEqual([]);
      expect(log.lines).toHaveLength(8);
    });

    it('is not tried again when somebody else has seen to it', async () => {
      const timers = await started((name) => {
        void note(name);
        return Promise.reject(new Error('not yet'));
      });
      await timers.set('stubborn', NOON + 40 * SECOND);
      await time.advance(5 * MINUTE);
      const [key = ''] = await left();
      await bucket.delete(key);
      const before = fired.length;
      await time.advance(5 * MINUTE);
      expect(fired).toHaveLength(before);
    });

    it('is tried again when the bucket comes back', async () => {
      const timers = await started();
      await timers.set('soon', NOON + 40 * SECOND);
      await timers.set('later', NOON + 3 * MINUTE);
      await time.advance(5 * SECOND);
      bucket.away = true;
      await time.advance(5 * MINUTE);
      expect(fired.every(([name]) => name === 'soon')).toBe(true);
      bucket.away = false;
      await time.advance(2 * MINUTE);
      expect(fired.some(([name]) => name === 'later')).toBe(true);
      expect(await left()).toEqual([]);
    });
  });

  it('rejects its start when the bucket is away, and stops while it is', async () => {
    bucket.away = true;
    await expect(started()).rejects.toThrow('away');
    bucket.away = false;
    const timers = await started();
    let refuse = (_error: Error): void => undefined;
    const calls: string[] = [];
    bucket.list = (prefix) => {
      calls.push(prefix);
      return new Promise((_resolve, reject) => (refuse = reject));
    };
    await time.advance(MINUTE);
    const stopping = timers.stop();
    refuse(new Error('away'));
    await stopping;
    await time.advance(HOUR);
    expect(calls).toHaveLength(1);
  });

  describe('hands', () => {
    it('never has one name in two', async () => {
      const gates: (() => void)[] = [];
      let inHand = 0;
      const timers = await started(async (name) => {
        await note(name);
        expect((inHand += 1)).toBe(1);
        await new Promise<void>((resolve) => void gates.push(resolve));
        inHand -= 1;
      });
      for (const second of [40, 41, 42]) await timers.set('one', NOON + second * SECOND);
      await time.advance(20 * SECOND);
      for (let count = 1; count <= 3; count++) {
        expect(fired).toHaveLength(count);
        gates.shift()?.();
        await time.advance(0);
      }
      expect(await left()).toEqual([]);
    });

    it('fires again what was set again meanwhile', async () => {
      const timers = await started(async (name) => {
        await note(name);
        if (fired.length === 1) await timers.set('one', NOON + 40 * SECOND);
      });
      await timers.set('one', NOON + 40 * SECOND);
      await time.advance(MINUTE);
      expect(fired.map(([name]) => name)).toEqual(['one', 'one']);
      expect(await left()).toEqual([]);
    });

    it('waits on stop for what is in hand, and begins nothing new', async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timers = await started(async (name) => {
        await note(name);
        await promise;
      });
      await timers.set('one', NOON + 40 * SECOND);
      await timers.set('one', NOON + 41 * SECOND);
      await timers.set('two', NOON + 50 * SECOND);
      await time.advance(12 * SECOND);
      let stopped = false;
      const stopping = timers.stop().then(() => (stopped = true));
      await time.advance(MINUTE);
      expect(stopped).toBe(false);
      resolve();
      await stopping;
      expect(fired.map(([name]) => name)).toEqual(['one']);
      expect(await left()).toHaveLength(2);
    });
  });

  describe('the change of minutes', () => {
    it('misses nothing that was set while a minute closed, however long the write took', async () => {
      for (const delay of [1, SECOND, MINUTE, 3 * MINUTE, HOUR]) {
        const timers = await started();
        const due = time.now() + SECOND;
        const { promise: durable, resolve: go } = Promise.withResolvers<void>();
        bucket.onPut = (key) => (key.endsWith('/slow') ? durable : Promise.resolve());
        const slow = timersOf();
        const setting = slow.set('slow', due);
        await time.advance(delay);
        go();
        await setting;
        await time.advance(MINUTE);
        expect(fired.map(([name]) => name)).toContain('slow');
        expect(await left()).toEqual([]);
        fired = [];
        await timers.stop();
      }
    });

    it('finds an entry that was written only after its minute was closed', async () => {
      await started();
      const due = NOON + 40 * SECOND;
      const { promise: go, resolve } = Promise.withResolvers<void>();
      const behind = new (class extends Watched {
        override async put(key: string, value: Uint8Array): Promise<number> {
          if (key.endsWith('/slow')) await (time.now() < due ? go : Promise.resolve());
          return bucket.put(key, value);
        }
      })(bucket);
      const setting = timersOf(behind).set('slow', due);
      await time.advance(10 * MINUTE);
      resolve();
      await setting;
      await time.advance(SECOND);
      expect(fired).toEqual([['slow', 10 * MINUTE + 30 * SECOND]]);
      expect(await left()).toEqual([]);
    });

    it('keeps every entry set at any moment around it', async () => {
      const timers = await started();
      await time.advance(29 * SECOND);
      const names: string[] = [];
      for (let step = 0; step < 200; step++) {
        const name = `n-${step}`;
        names.push(name);
        const setting = timers.set(name, time.now() + (step % 7) * 100 - 200);
        await time.advance(17);
        await setting;
      }
      await time.advance(MINUTE);
      expect(new Set(fired.map(([name]) => name))).toEqual(new Set(names));
      expect(await left()).toEqual([]);
    });

    it('never forgets, at whatever minute it is stopped', async () => {
      const first = await started(() => Promise.reject(new Error('never')));
      for (let n = 0; n < 20; n++) await first.set(`n-${n}`, NOON + n * 20 * SECOND);
      await first.stop();
      for (let round = 0; round < 10; round++) {
        const timers = await started(() => Promise.reject(new Error('never')));
        await time.advance(47 * SECOND);
        await timers.stop();
      }
      await started();
      await time.advance(SECOND);
      expect(new Set(fired.map(([name]) => name)).size).toBe(20);
    });
  });
});

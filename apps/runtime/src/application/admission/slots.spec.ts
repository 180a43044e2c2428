import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Bucket, SqliteKeyValue, type Change, type Entry, type PutOptions, type Watch } from '@millrace/messaging';
import { Log } from '@millrace/observability';
import { SystemIds } from '@millrace/service';
import { VirtualTime } from '@millrace/testing';
import type { SlotPolicy } from './slot-line';
import { Slots, type Gate } from './slots';

const GATE: Gate = { workspaceId: 'ws_1', slug: 'sync', key: 'customer-7' };
const SECOND = 1_000;

class Kept extends Log {
  readonly lines: string[] = [];
  override debug(): void {}
  override info(): void {}
  override error(): void {}
  override warn(message: string): void {
    this.lines.push(message);
  }
}

/** A bucket that can be away, and tells of its calls. */
class Watched extends Bucket {
  isAway = false;
  writes = 0;
  watching = 0;
  /** Awaited after a write is durable and before it is said to be. */
  onWritten: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly inner: Bucket) {
    super();
  }

  override async get(key: string): Promise<Entry | undefined> {
    if (this.isAway) throw new Error('away');
    return this.inner.get(key);
  }

  override put(key: string, value: Uint8Array, options?: PutOptions): Promise<number> {
    return this.inner.put(key, value, options);
  }

  override async putIf(key: string, value: Uint8Array, revision: number, options?: PutOptions): Promise<number> {
    this.writes++;
    const written = await this.inner.putIf(key, value, revision, options);
    await this.onWritten();
    return written;
  }

  override delete(key: string, revision?: number): Promise<void> {
    return this.inner.delete(key, revision);
  }

  override list(prefix: string): Promise<readonly Entry[]> {
    return this.inner.list(prefix);
  }

  override async watch(prefix: string, onChange: (change: Change) => void, onReady?: () => void): Promise<Watch> {
    const watch = await this.inner.watch(prefix, onChange, onReady);
    this.watching++;
    return {
      caughtUp: () => watch.caughtUp(),
      stop: async () => {
        this.watching--;
        await watch.stop();
      },
    };
  }
}

describe('the slots of an automation', () => {
  let time: VirtualTime;
  let store: SqliteKeyValue;
  let bucket: Watched;
  let log: Kept;
  let slots: Slots;
  let ended: Set<string>;
  let askedAfter: string[];
  let cancelled: string[];
  const never = new AbortController().signal;

  /** Slots of a process; all share the bucket. */
  const aProcess = (cancelRun = async (run: string) => void cancelled.push(run)): Slots =>
    new Slots({
      bucket,
      clock: time,
      alarms: time,
      log,
      ids: new SystemIds(time),
      isAlive: async ({ run }) => {
        askedAfter.push(run);
        return !ended.has(run);
      },
      cancelRun,
    });

  beforeEach(async () => {
    time = new VirtualTime(Date.UTC(2026, 0, 1));
    store = new SqliteKeyValue({ file: ':memory:', clock: time });
    bucket = new Watched(await store.bucket('slots'));
    log = new Kept();
    [ended, askedAfter, cancelled] = [new Set<string>(), [], []];
    answers.length = 0;
    slots = aProcess();
  });

  afterEach(async () => {
    await store.close();
  });

  const take = (run: string, policy: SlotPolicy = 'queue', { of = slots, limit = 1, signal = never } = {}) =>
    of.take(GATE, { run, limit, policy, signal });

  /** Takes in the background; the answers appear in the order they come. */
  const answers: string[] = [];
  const follow = (run: string, policy: SlotPolicy = 'queue', options: Parameters<typeof take>[2] = {}): void => {
    const tell = (answer: string) => void answers.push(`${run} ${answer}`);
    take(run, policy, options).then(tell, (error: unknown) => tell(error instanceof Error ? error.message : String(error)));
  };
  const settled = (): Promise<void> => time.advance(0);
  const told = async (): Promise<readonly string[]> => {
    await settled();
    return answers.splice(0);
  };

  it('are given while there are any, and counted for each key', async () => {
    expect(await take('r1', 'reject', { limit: 2 })).toBe('taken');
    expect(await take('r2', 'reject', { limit: 2 })).toBe('taken');
    expect(await take('r3', 'reject', { limit: 2 })).toBe('rejected');
    expect(await slots.take({ ...GATE, key: 'customer-8' }, { run: 'r3', limit: 1, policy: 'reject', signal: never })).toBe('taken');
  });

  it('stay with a run that is delivered again, on any instance, also when it is full', async () => {
    await take('r1');
    expect(await take('r1', 'reject')).toBe('held');
    expect(await take('r1', 'skip', { of: aProcess() })).toBe('held');
  });

  it('are written once for all who come together', async () => {
    const runs = Array.from({ length: 50 }, (_, n) => `r${n}`);
    const all = await Promise.all(runs.map((run) => take(run, 'skip', { limit: 20 })));
    expect(all.filter((answer) => answer === 'taken')).toHaveLength(20);
    expect(all.filter((answer) => answer === 'skipped')).toHaveLength(30);
    expect(bucket.writes).toBeLessThanOrEqual(2);
  });

  it('leave no record behind when the last is freed', async () => {
    await take('r1');
    await slots.free(GATE, 'r1');
    await slots.free(GATE, 'r1');
    expect(await bucket.list('')).toEqual([]);
  });

  describe('when all are held', () => {
    it('skip a run whose policy says so', async () => {
      await take('r1');
      expect(await take('r2', 'skip')).toBe('skipped');
    });

    it('go to those who wait in the order they came, and nobody listens afterwards', async () => {
      await take('r1');
      for (const run of ['r2', 'r3']) follow(run);
      expect(await told()).toEqual([]);
      expect([slots.waiting, bucket.watching]).toEqual([2, 1]);
      await slots.free(GATE, 'r1');
      expect(await told()).toEqual(['r2 taken']);
      await slots.free(GATE, 'r2');
      expect(await told()).toEqual(['r3 taken']);
      expect([slots.waiting, bucket.watching, time.pending()]).toEqual([0, 0, 0]);
    });

    it('come to who waits when another instance frees one', async () => {
      const other = aProcess();
      await take('r1', 'queue', { of: other });
      follow('r2');
      expect(await told()).toEqual([]);
      await other.free(GATE, 'r1');
      expect(await told()).toEqual(['r2 taken']);
    });

    it('are not waited for any more by a run that is aborted', async () => {
      const leaving = new AbortController();
      await take('r1');
      follow('r2', 'queue', { signal: leaving.signal });
      follow('r3');
      await settled();
      leaving.abort(new Error('drained'));
      expect(await told()).toEqual(['r2 drained']);
      await slots.free(GATE, 'r1');
      expect(await told()).toEqual(['r3 taken']);
    });

    it('are left alone when the last who waits is aborted', async () => {
      const leaving = new AbortController();
      await take('r1');
      follow('r2', 'queue', { signal: leaving.signal });
      await settled();
      leaving.abort(new Error('drained'));
      expect(await told()).toEqual(['r2 drained']);
      expect([slots.waiting, bucket.watching, time.pending()]).toEqual([0, 0, 0]);
    });

    it('are freed by cancelling the oldest, one for each who wants that', async () => {
      await take('r1', 'queue', { limit: 2 });
      await take('r2', 'queue', { limit: 2 });
      follow('r3', 'cancel', { limit: 2 });
      await settled();
      expect(cancelled).toEqual(['r1']);
      follow('r4', 'cancel', { limit: 2 });
      await settled();
      expect(cancelled).toEqual(['r1', 'r2']);
      await slots.free(GATE, 'r1');
      expect(await told()).toEqual(['r3 taken']);
      await slots.free(GATE, 'r2');
      expect(await told()).toEqual(['r4 taken']);
      expect(cancelled).toEqual(['r1', 'r2']);
    });

    it('are asked for again when the oldest could not be cancelled', async () => {
      const failing = aProcess(async (run) => {
        cancelled.push(run);
        if (cancelled.length === 1) throw new Error('away');
      });
      await take('r1');
      follow('r2', 'cancel', { of: failing });
      await settled();
      await time.advance(10 * SECOND);
      expect(cancelled).toEqual(['r1', 'r1']);
      expect(log.lines).toHaveLength(1);
      await slots.free(GATE, 'r1');
      expect(await told()).toEqual(['r2 taken']);
    });
  });

  describe('held by a run that has ended without freeing its slot', () => {
    it('are given to the next at once', async () => {
      await take('r1', 'queue', { of: aProcess() });
      ended.add('r1');
      expect(await take('r2', 'reject')).toBe('taken');
    });

    it('are found while somebody waits, after some seconds', async () => {
      await take('r1', 'queue', { of: aProcess() });
      follow('r2');
      expect(await told()).toEqual([]);
      ended.add('r1');
      await time.advance(9 * SECOND);
      expect(await told()).toEqual([]);
      await time.advance(SECOND);
      expect(await told()).toEqual(['r2 taken']);
    });

    it('are found among many that live', async () => {
      const [other, limit] = [aProcess(), 100];
      const runs = Array.from({ length: limit }, (_, n) => `r${n}`);
      await Promise.all(runs.map((run) => take(run, 'queue', { of: other, limit })));
      ended.add('r70');
      expect(await take('new', 'reject', { limit })).toBe('taken');
      expect(askedAfter).toHaveLength(96);
    });

    it('are not taken from a run that is in hand here, which nobody has to ask after', async () => {
      await take('r1');
      ended.add('r1');
      expect(await take('r2', 'reject')).toBe('rejected');
      expect(askedAfter).toEqual([]);
      slots.rest('r1');
      await settled();
      expect(await take('r2', 'reject')).toBe('taken');
    });

    it('stay with it while nobody can say whether it has ended', async () => {
      const unsure = new Slots({
        ...{ bucket, clock: time, alarms: time, log, ids: new SystemIds(time) },
        isAlive: () => Promise.reject(new Error('away')),
        cancelRun: () => Promise.resolve(),
      });
      await take('r1');
      expect(await take('r2', 'reject', { of: unsure })).toBe('rejected');
      expect(log.lines).toHaveLength(1);
    });
  });

  describe('wanted by a run that is aborted', () => {
    it('are not asked for when it was so before', async () => {
      await expect(take('r1', 'queue', { signal: AbortSignal.abort(new Error('drained')) })).rejects.toThrow('drained');
      expect(bucket.writes).toBe(0);
    });

    it('are given back when it was given one just then, before anybody is told', async () => {
      const leaving = new AbortController();
      bucket.onWritten = async () => leaving.abort(new Error('drained'));
      await expect(take('r1', 'queue', { signal: leaving.signal })).rejects.toThrow('drained');
      expect(await bucket.list('')).toEqual([]);
    });

    it('stay with it when it held one before', async () => {
      await take('r1', 'queue', { limit: 2 });
      const leaving = new AbortController();
      bucket.onWritten = async () => leaving.abort(new Error('drained'));
      // Keeps the line busy, so that the two after it are served together.
      const before = slots.free(GATE, 'nobody');
      follow('r2', 'queue', { limit: 2 });
      follow('r1', 'queue', { limit: 2, signal: leaving.signal });
      await before;
      expect(await told()).toEqual(['r2 taken', 'r1 drained']);
      expect(await take('r1', 'reject', { of: aProcess(), limit: 2 })).toBe('held');
    });

    it('are not waited for when it joins and leaves while others are served', async () => {
      const leaving = new AbortController();
      await take('r1');
      follow('r2');
      follow('r3', 'skip', { signal: leaving.signal });
      leaving.abort(new Error('drained'));
      expect(await told()).toEqual(['r3 drained']);
    });
  });

  it('leave nothing with the signal of a run that has its answer', async () => {
    const { signal } = new AbortController();
    await take('r1', 'queue', { signal });
    await take('r2', 'skip', { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('are refused to all who wait when the store is away', async () => {
    await take('r1');
    follow('r2');
    await settled();
    bucket.isAway = true;
    follow('r3');
    const freeing = slots.free(GATE, 'r1');
    await expect(freeing).rejects.toThrow('away');
    expect((await told()).toSorted()).toEqual(['r2 away', 'r3 away']);
    expect([slots.waiting, time.pending()]).toEqual([0, 0]);
    bucket.isAway = false;
    expect(await take('r1')).toBe('held');
  });

  it('are never more than the limit, whatever instances come and go', async () => {
    const processes = [slots, aProcess(), aProcess()];
    const limit = 3;
    let most = 0;
    let now = 0;
    const work = async (run: string, of: Slots): Promise<void> => {
      await take(run, 'queue', { of, limit });
      most = Math.max(most, ++now);
      for (let turn = 0; turn < 3; turn++) await bucket.put('turn', new Uint8Array());
      now--;
      await of.free(GATE, run);
    };
    await Promise.all(Array.from({ length: 60 }, (_, n) => work(`r${n}`, processes[n % 3] ?? slots)));
    expect([most, now]).toEqual([limit, 0]);
    expect(await bucket.list('ws_1/')).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteKeyValue, type Bucket } from '@millrace/messaging';
import { Log } from '@millrace/observability';
import { SystemIds } from '@millrace/service';
import { VirtualTime } from '@millrace/testing';
import { Admission, type Admitted, type Applicant } from './admission';
import { Slots } from './slots';

class Silent extends Log {
  override debug(): void {}
  override info(): void {}
  override warn(): void {}
  override error(): void {}
}

describe('admission', () => {
  let time: VirtualTime;
  let store: SqliteKeyValue;
  let bucket: Bucket;
  let slots: Slots;
  let admission: Admission;

  beforeEach(async () => {
    time = new VirtualTime(Date.UTC(2026, 0, 1));
    store = new SqliteKeyValue({ file: ':memory:', clock: time });
    bucket = await store.bucket('slots');
    slots = new Slots({
      ...{ bucket, clock: time, alarms: time, log: new Silent(), ids: new SystemIds(time) },
      isAlive: () => Promise.resolve(true),
      cancelRun: () => Promise.resolve(),
    });
    told.length = 0;
    admission = new Admission({ slots, clock: time, alarms: time, limits: { perInstance: 2, runsPerSecond: 10, burst: 3 } });
  });

  afterEach(async () => {
    await store.close();
  });

  const applicant = (run: string, more: Partial<Applicant> = {}): Applicant => ({
    ...{ run, workspaceId: 'ws_1', slug: 'sync', priority: 'normal', signal: new AbortController().signal },
    ...more,
  });
  const oneAtATime = (policy: 'queue' | 'skip' | 'reject' | 'cancel'): Pick<Applicant, 'concurrency'> => ({
    concurrency: { limit: 1, key: '', policy },
  });

  /** Enters in the background; who was told what appears in order. */
  const told: string[] = [];
  const releases = new Map<string, () => void>();
  const follow = (one: Applicant): void => {
    const tell = (admitted: Admitted): void => {
      told.push(`${one.run} ${admitted.kind}`);
      if (admitted.kind === 'admitted') releases.set(one.run, admitted.release);
    };
    admission.enter(one).then(tell, (error: unknown) => told.push(`${one.run} ${error instanceof Error ? error.message : ''}`));
  };
  const sinceThen = async (milliseconds = 0): Promise<readonly string[]> => {
    await time.advance(milliseconds);
    return told.splice(0);
  };
  const release = (run: string): void => releases.get(run)?.();

  it('admits at once what nothing limits', async () => {
    expect(await admission.enter(applicant('r1'))).toMatchObject({ kind: 'admitted' });
    expect([admission.running, admission.waiting]).toEqual([1, 0]);
  });

  it('keeps runs waiting for a place, and gives it on once however often it is released', async () => {
    for (const run of ['r1', 'r2', 'r3', 'r4']) follow(applicant(run, { workspaceId: `ws_${run}` }));
    expect(await sinceThen()).toEqual(['r1 admitted', 'r2 admitted']);
    expect([admission.running, admission.waiting]).toEqual([2, 2]);
    release('r1');
    release('r1');
    expect(await sinceThen()).toEqual(['r3 admitted']);
  });

  it('delays runs beyond the rate of their workspace, and drops none', async () => {
    for (const run of ['r1', 'r2', 'r3', 'r4', 'r5']) {
      follow(applicant(run));
      await time.advance(0);
      release(run);
    }
    expect(await sinceThen()).toEqual(['r1 admitted', 'r2 admitted', 'r3 admitted']);
    expect(await sinceThen(99)).toEqual([]);
    expect(await sinceThen(1)).toEqual(['r4 admitted']);
    expect(await sinceThen(100)).toEqual(['r5 admitted']);
    expect(time.pending()).toBe(0);
  });

  it('wakes for a rate only while there is a place', async () => {
    for (const run of ['r1', 'r2', 'r3']) {
      follow(applicant(run));
      await time.advance(0);
      release(run);
    }
    follow(applicant('r4'));
    expect(time.pending()).toBe(1);
    for (const run of ['b1', 'b2', 'b3']) follow(applicant(run, { workspaceId: 'ws_b' }));
    await time.advance(0);
    expect(time.pending()).toBe(0);
    told.splice(0);
    expect(await sinceThen(1_000)).toEqual([]);
    release('b1');
    release('b2');
    expect(await sinceThen()).toEqual(['r4 admitted', 'b3 admitted']);
  });

  it('lets a run that is aborted go', async () => {
    const leaving = new AbortController();
    for (const run of ['r1', 'r2']) follow(applicant(run));
    follow(applicant('r3', { signal: leaving.signal }));
    follow(applicant('r4', { workspaceId: 'ws_2' }));
    leaving.abort(new Error('drained'));
    leaving.abort();
    expect(await sinceThen()).toEqual(['r1 admitted', 'r2 admitted', 'r3 drained']);
    release('r1');
    expect(await sinceThen()).toEqual(['r4 admitted']);
    await expect(admission.enter(applicant('r5', { signal: leaving.signal }))).rejects.toThrow('drained');
  });

  it('does not take notice when a run that was admitted is aborted', async () => {
    const running = new AbortController();
    for (const run of ['r1', 'r2']) follow(applicant(run));
    follow(applicant('r3', { signal: running.signal }));
    await time.advance(0);
    release('r1');
    await time.advance(0);
    running.abort();
    expect([admission.running, admission.waiting]).toEqual([2, 0]);
  });

  describe('of an automation whose concurrency is limited', () => {
    it('turns runs away as its policy says', async () => {
      follow(applicant('r1', oneAtATime('skip')));
      await time.advance(0);
      follow(applicant('r2', oneAtATime('skip')));
      await time.advance(0);
      follow(applicant('r3', oneAtATime('reject')));
      expect(await sinceThen()).toEqual(['r1 admitted', 'r2 skipped', 'r3 rejected']);
      expect(admission.running).toBe(1);
    });

    it('keeps the slot when the place is released, until it is freed', async () => {
      follow(applicant('r1', oneAtATime('queue')));
      await time.advance(0);
      release('r1');
      follow(applicant('r2', oneAtATime('queue')));
      expect(await sinceThen()).toEqual(['r1 admitted']);
      expect([admission.running, admission.waiting]).toEqual([0, 1]);
      await slots.free({ workspaceId: 'ws_1', slug: 'sync', key: '' }, 'r1');
      expect(await sinceThen()).toEqual(['r2 admitted']);
    });

    it('never turns away a run that goes on, and lets it have its slot', async () => {
      follow(applicant('r1', oneAtATime('skip')));
      await time.advance(0);
      release('r1');
      follow(applicant('r1', { ...oneAtATime('skip'), resumed: true }));
      follow(applicant('r2', { ...oneAtATime('skip'), resumed: true }));
      expect(await sinceThen()).toEqual(['r1 admitted', 'r1 admitted']);
      expect(admission.waiting).toBe(1);
    });

    it('takes no place while it waits for a slot', async () => {
      for (const run of ['r1', 'r2', 'r3']) follow(applicant(run, oneAtATime('queue')));
      expect(await sinceThen()).toEqual(['r1 admitted']);
      follow(applicant('r4'));
      expect(await sinceThen()).toEqual(['r4 admitted']);
    });

    it('gives back the slot of a run that is aborted before it has a place, but none it held before', async () => {
      const leaving = new AbortController();
      for (const run of ['a1', 'a2']) follow(applicant(run, { workspaceId: 'ws_2' }));
      follow(applicant('r1', { ...oneAtATime('queue'), signal: leaving.signal }));
      await time.advance(0);
      expect(await bucket.list('ws_1/')).toHaveLength(1);
      leaving.abort(new Error('drained'));
      expect(await sinceThen()).toEqual(['a1 admitted', 'a2 admitted', 'r1 drained']);
      expect(await bucket.list('ws_1/')).toHaveLength(0);

      const again = new AbortController();
      await slots.take({ workspaceId: 'ws_1', slug: 'sync', key: '' }, { run: 'r1', limit: 1, policy: 'queue', signal: again.signal });
      follow(applicant('r1', { ...oneAtATime('queue'), resumed: true, signal: again.signal }));
      await time.advance(0);
      again.abort(new Error('drained'));
      expect(await sinceThen()).toEqual(['r1 drained']);
      expect(await bucket.list('ws_1/')).toHaveLength(1);
    });
  });
});

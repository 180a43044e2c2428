import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PrivateServer } from '@millrace/testing';
import type { Bucket, Change, Entry } from '../key-value';
import { NatsKeyValue } from './nats-key-value';

jest.setTimeout(120_000);

const KILLS = 4;

describe('NatsKeyValue, whose server is killed, paused and started again', () => {
  let server: PrivateServer;
  let stores: NatsKeyValue[];

  beforeEach(async () => {
    server = await PrivateServer.start('nats');
    stores = [];
  });

  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await server[Symbol.asyncDispose]();
  });

  async function open(options: { readonly patience?: number; readonly memory?: number } = {}): Promise<NatsKeyValue> {
    const store = await NatsKeyValue.connect({ connection: { servers: server.setting('MILLRACE_NATS_URL') }, ...options });
    stores.push(store);
    return store;
  }

  it('has everything that was acknowledged, however often it is killed in the middle of puts', async () => {
    const bucket = await (await open()).bucket('runs');
    const kept = new Map<string, string>();
    const tried = new Map<string, string>();
    let isOver = false;
    const writer = async (name: number): Promise<void> => {
      for (let n = 0; !isOver; n += 1) {
        const [key, value] = [`w${name}/${n % 500}`, `${n}`];
        tried.set(key, value);
        const isKept = await bucket.put(key, bytes(value)).then(Boolean, unavailable);
        if (isKept) kept.set(key, value);
        else await back(bucket);
      }
    };
    const writers = [0, 1, 2, 3].map(writer);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = kept.size;
      while (kept.size < before + 10) await bucket.put('between', bytes('')).catch(unavailable);
      await server.kill();
      await server.start();
    }
    isOver = true;
    await Promise.all(writers);
    await back(bucket);
    for (const [key, value] of kept) expect([value, tried.get(key)]).toContain(text(await bucket.get(key)));
    expect(kept.size).toBeGreaterThan(KILLS * 10);
  });

  it('never lets two writers have the same revision, through kills', async () => {
    const [one, other] = [await (await open()).bucket('counts'), await (await open()).bucket('counts')];
    const won: number[] = [];
    let unknown = 0;
    let isOver = false;
    const hand = async (bucket: Bucket): Promise<void> => {
      while (!isOver) {
        try {
          const now = await bucket.get('count');
          const next = Number(text(now) || 0) + 1;
          await bucket.putIf('count', bytes(`${next}`), now?.revision ?? 0);
          won.push(next);
        } catch (error) {
          if (codeOf(error) === 'kv.unavailable') unknown += 1;
          else expect(codeOf(error)).toBe('kv.revision_conflict');
        }
      }
    };
    const hands = [one, other].map(hand);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = won.length;
      while (won.length < before + 50) await one.get('count').catch(unavailable);
      await server.kill();
      await server.start();
    }
    isOver = true;
    await Promise.all(hands);
    await back(one);
    expect(new Set(won).size).toBe(won.length);
    const count = Number(text(await one.get('count')));
    expect(count).toBeGreaterThanOrEqual(Math.max(...won));
    expect(count).toBeLessThanOrEqual(won.length + unknown);
  });

  it('refuses within its patience while the server stands still, and knows afterwards what became of it', async () => {
    const bucket = await (await open({ patience: 300 })).bucket('leases');
    const revision = await bucket.put('lease', bytes('before'));
    await server.pause();
    const calls = [
      bucket.get('lease'),
      bucket.list(''),
      bucket.putIf('lease', bytes('meanwhile'), revision),
      bucket.watch('', () => undefined),
    ];
    for (const result of await Promise.allSettled(calls)) expect(result).toMatchObject({ reason: { code: 'kv.unavailable' } });
    server.resume();
    await back(bucket);
    await expect(bucket.putIf('lease', bytes('after'), revision)).rejects.toMatchObject({ code: 'kv.revision_conflict' });
    expect(text(await bucket.get('lease'))).toBe('meanwhile');
  });

  it('refuses at once while the server is away, having changed nothing', async () => {
    const store = await open();
    const bucket = await store.bucket('leases');
    const revision = await bucket.put('lease', bytes('before'));
    await server.kill();
    while (!(await bucket.get('lease').then(() => false, isGone)));
    await expect(bucket.putIf('lease', bytes('never'), revision)).rejects.toMatchObject({ code: 'kv.unavailable', refusal: 'unavailable' });
    await expect(store.bucket('another')).rejects.toMatchObject({ code: 'kv.unavailable' });
    await server.start();
    await back(bucket);
    expect(text(await bucket.get('lease'))).toBe('before');
  });

  it('tells a watcher of every key that was put around restarts, once and in order', async () => {
    const [store, writer] = [await open(), await (await open()).bucket('waits')];
    const seen = new Changes();
    const watch = await (await store.bucket('waits')).watch('w/', (change) => seen.take(change));
    const written: string[] = [];
    const write = async (): Promise<void> => {
      const key = `w/${written.length}`;
      await writer.put(key, bytes(key));
      written.push(key);
    };
    for (let kill = 0; kill < KILLS; kill += 1) {
      while (written.length < 20 * (kill + 1)) await write().catch(() => back(writer));
      await server.kill();
      await server.start();
      await back(writer);
    }
    await write();
    await seen.until((change) => change.key === written.at(-1));
    await watch.caughtUp();
    const revisions = seen.all.map(({ revision }) => revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((one, other) => one - other));
    expect([...new Set(seen.all.map(({ key }) => key))]).toEqual(written);
  });

  it('tells a watcher of keys that went while it could not hear, though the server has forgotten them', async () => {
    const watched = await (await open({ memory: 2_000 })).bucket('identity');
    const writer = await (await open({ memory: 2_000 })).bucket('identity');
    const seen = new Changes();
    await writer.put('stays', bytes('1'));
    await writer.put('expires', bytes('1'), { ttl: 1_000 });
    await writer.put('goes', bytes('1'));
    await watched.watch('', (change) => seen.take(change));
    await server.pause();
    const deleting = writer.delete('goes');
    const started = performance.now();
    while (performance.now() - started < 4_500) await watched.get('stays').catch(unavailable);
    server.resume();
    await deleting.catch(unavailable);
    await back(writer);
    await seen.until(({ key, value }) => key === 'goes' && value === undefined);
    await seen.until(({ key, value }) => key === 'expires' && value === undefined);
    await writer.put('stays', bytes('2'));
    await seen.until((change) => change.key === 'stays' && text(change) === '2');
    expect(seen.all.filter(({ value }) => value === undefined).map(({ key }) => key)).toHaveLength(2);
  });
});

class Changes {
  readonly all: Change[] = [];
  private wake = (): void => undefined;

  take(change: Change): void {
    this.all.push(change);
    this.wake();
  }

  async until(isIt: (change: Change) => boolean): Promise<void> {
    while (!this.all.some(isIt)) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function text(entry: Entry | Change | undefined): string {
  return new TextDecoder().decode(entry?.value);
}

/** Resolves when the bucket can be read again. */
async function back(bucket: Bucket): Promise<void> {
  while (!(await bucket.get('anything').then(() => true, unavailable)));
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}

function unavailable(error: unknown): false {
  expect(codeOf(error)).toBe('kv.unavailable');
  return false;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Nothing was changed');
}

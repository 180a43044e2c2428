import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import type { Change } from '../key-value';
import { keyValueContract } from '../key-value.contract';
import { SqliteKeyValue } from './sqlite-key-value';

// A busy machine may take its time.
jest.setTimeout(60_000);

class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

class SetClock extends Clock {
  time = 1_700_000_000_000;

  now(): number {
    return this.time;
  }
}

keyValueContract('SqliteKeyValue', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-kv-'));
  const open = (): SqliteKeyValue => new SqliteKeyValue({ file: join(folder, 'kv.db'), clock: new SystemClock(), durability: 'fast' });
  let store = open();
  return {
    store,
    reopen: async () => {
      await store.close();
      store = open();
      return store;
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('SqliteKeyValue', () => {
  let clock: SetClock;
  let store: SqliteKeyValue;

  beforeEach(() => {
    clock = new SetClock();
    store = new SqliteKeyValue({ file: ':memory:', clock });
  });

  afterEach(async () => {
    await store.close();
  });

  it('hides a key the moment its time is over, before anything was swept', async () => {
    const bucket = await store.bucket('b');
    await bucket.put('a', Uint8Array.of(1), { ttl: 1_000_000 });
    clock.time += 999_999;
    expect(await bucket.get('a')).toBeDefined();
    clock.time += 1;
    expect(await bucket.get('a')).toBeUndefined();
    expect(await bucket.list('')).toEqual([]);
  });

  it('lets everybody else have a turn between two pages', async () => {
    const bucket = await store.bucket('b');
    for (const key of ['a', 'b', 'c', 'd']) await bucket.put(key, Uint8Array.of(1));
    let turns = 0;
    const seen: number[] = [];
    const round = (): void => {
      if (turns++ < 100) setImmediate(round);
    };
    setImmediate(round);
    for await (const page of bucket.pages('', 2)) seen.push(page.length, turns);
    expect(seen.filter((_, at) => at % 2 === 0)).toEqual([2, 2]);
    expect(seen[3]).toBeGreaterThan(seen[1] ?? 0);
  });

  it('sweeps what it finds expired, far more than fits one sweep, and tells each once', async () => {
    const bucket = await store.bucket('b');
    await Promise.all(Array.from({ length: 1_200 }, (_, n) => bucket.put(`k${n}`, Uint8Array.of(1), { ttl: 1_000_000 })));
    const gone = new Set<string>();
    const all = new Promise<void>((resolve) => {
      const take = (change: Change): void => {
        if (change.value === undefined) gone.add(change.key);
        if (gone.size === 1_200) resolve();
      };
      void bucket.watch('', take);
    });
    clock.time += 1_000_000;
    await bucket.get('k0');
    await all;
  });

  it('refuses a file that is in use, and gives it free when closed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-kv-'));
    const file = join(folder, 'deep', 'kv.db');
    const first = new SqliteKeyValue({ file, clock });
    expect(() => new SqliteKeyValue({ file, clock })).toThrow(expect.objectContaining({ code: 'kv.in_use' }));
    await first.close();
    await new SqliteKeyValue({ file, clock }).close();
    rmSync(folder, { recursive: true });
  });

  it('finishes the writes it has when it is closed', async () => {
    const bucket = await store.bucket('b');
    const write = bucket.put('a', Uint8Array.of(1));
    await store.close();
    await expect(write).resolves.toBeGreaterThan(0);
  });

  it('reports a watcher that throws and goes on', async () => {
    const faults: string[] = [];
    const careful = new SqliteKeyValue({ file: ':memory:', clock, onFault: (where) => faults.push(where) });
    const bucket = await careful.bucket('b');
    await bucket.watch('', () => {
      throw new Error('broken');
    });
    await expect(bucket.put('a', Uint8Array.of(1))).resolves.toBeGreaterThan(0);
    expect(faults).toEqual(['a watcher of "*" in "b" failed']);
    await careful.close();
  });
});

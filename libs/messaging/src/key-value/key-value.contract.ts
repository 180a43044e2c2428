import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bucket, Change, Entry, KeyValue } from './key-value';

export interface KeyValueFixture {
  readonly store: KeyValue;
  /** Ends the store and opens it again on the same data, as a restarted process would. */
  reopen(): Promise<KeyValue>;
  close(): Promise<void>;
}

/** What every adapter of `KeyValue` promises. */
export function keyValueContract(name: string, open: () => Promise<KeyValueFixture>): void {
  describe(`the key-value contract, kept by ${name}`, () => {
    let fixture: KeyValueFixture;
    let bucket: Bucket;

    beforeEach(async () => {
      fixture = await open();
      bucket = await fixture.store.bucket('contexts');
    });

    afterEach(async () => {
      await fixture.close();
    });

    describe('reading and writing', () => {
      it('gives back what was put, and nothing for a key never put', async () => {
        const revision = await bucket.put('user/u-1', bytes('one'));
        expect(await bucket.get('user/u-1')).toEqual({ key: 'user/u-1', value: bytes('one'), revision });
        expect(await bucket.get('user/u-2')).toBeUndefined();
      });

      it('keeps an empty value and one of 1 MiB', async () => {
        const large = new Uint8Array(1024 * 1024).map((_, index) => index % 251);
        await bucket.put('empty', new Uint8Array());
        await bucket.put('large', large);
        expect((await bucket.get('empty'))?.value).toHaveLength(0);
        expect(Buffer.compare((await bucket.get('large'))?.value ?? bytes(''), large)).toBe(0);
      });

      it('grows the revision with every write of the bucket, deletions and restarts included', async () => {
        const revisions = [await bucket.put('a', bytes('1')), await bucket.put('b', bytes('1')), await bucket.put('a', bytes('2'))];
        await bucket.delete('a');
        await bucket.delete('b');
        const reopened = await (await fixture.reopen()).bucket('contexts');
        revisions.push(await reopened.put('a', bytes('3')));
        expect(revisions).toEqual([...new Set(revisions)].sort((x, y) => x - y));
      });

      it('deletes, and is content when the key is absent already', async () => {
        await bucket.put('a', bytes('1'));
        await bucket.delete('a');
        await bucket.delete('a');
        expect(await bucket.get('a')).toBeUndefined();
      });

      it('lists the entries of a prefix by key', async () => {
        for (const key of ['run/2', 'run/1', 'runs/1', 'run/10', 'a']) await bucket.put(key, bytes(key));
        expect((await bucket.list('run/')).map(({ key, value }) => [key, text(value)])).toEqual([
          ['run/1', 'run/1'],
          ['run/10', 'run/10'],
          ['run/2', 'run/2'],
        ]);
        expect(await bucket.list('')).toHaveLength(5);
        expect(await bucket.list('z')).toHaveLength(0);
      });

      it('lists no more than are asked for, and all of them page by page for who deletes what came', async () => {
        for (let n = 0; n < 25; n++) await bucket.put(`run/${n}`, bytes(`${n}`));
        await bucket.put('runs/1', bytes('other'));
        await bucket.delete('run/0');
        const pages: number[] = [];
        for (let page = await bucket.list('run/', { limit: 10 }); page.length > 0; page = await bucket.list('run/', { limit: 10 })) {
          pages.push(page.length);
          for (const { key } of page) await bucket.delete(key);
        }
        expect(pages).toEqual([10, 10, 4]);
        expect((await bucket.list('')).map(({ key }) => key)).toEqual(['runs/1']);
      });

      it('gives everything of a prefix in pages no larger than asked for, what is written meanwhile at least once', async () => {
        for (let n = 0; n < 25; n++) await bucket.put(`run/${n}`, bytes(String(n)));
        await bucket.put('runs/1', bytes('other'));
        await bucket.delete('run/0');
        const sizes: number[] = [];
        const found = new Map<string, string>();
        for await (const page of bucket.pages('run/', 10)) {
          if (sizes.length === 0) await bucket.put('run/24', bytes('again'));
          sizes.push(page.length);
          for (const { key, value } of page) found.set(key, text(value));
        }
        expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
        expect([...found.keys()].sort()).toEqual(Array.from({ length: 24 }, (_, n) => `run/${n + 1}`).sort());
        expect(['24', 'again']).toContain(found.get('run/24'));
        expect(await Array.fromAsync(bucket.pages('nothing/', 10))).toEqual([]);
      });

      it('takes dots and slashes wherever they stand, in keys and in prefixes', async () => {
        const keys = ['.', '..', '/', '//', '.a', 'a.', 'a..b', 'a./b', 'a/.b', 'a//b', '/a', 'a/', '=', '.'.repeat(255), 'x'.repeat(255)];
        for (const key of keys) await bucket.put(key, bytes(key));
        for (const key of keys) expect(text((await bucket.get(key))?.value)).toBe(key);
        for (const prefix of ['', '.', 'a', 'a.', 'a/', 'a..', 'a//', '/']) {
          const expected = keys.filter((key) => key.startsWith(prefix)).sort();
          expect((await bucket.list(prefix)).map(({ key }) => key)).toEqual(expected);
        }
      });

      it('keeps buckets apart', async () => {
        const other = await fixture.store.bucket('timers');
        await bucket.put('a', bytes('1'));
        expect(await other.get('a')).toBeUndefined();
        expect(await other.list('')).toHaveLength(0);
      });

      it('takes the bytes as they were at the call', async () => {
        const value = bytes('before');
        const written = bucket.put('a', value);
        value.fill(0);
        await written;
        expect(text((await bucket.get('a'))?.value)).toBe('before');
      });

      it.each(['', 'ä', 'a b', 'a*', 'a>', 'x'.repeat(256)])('refuses the key %j', async (key) => {
        await expect(bucket.put(key, bytes(''))).rejects.toMatchObject({ code: 'kv.key_invalid', refusal: 'invalid' });
      });

      it('refuses a value beyond 1 MiB', async () => {
        await expect(bucket.put('a', new Uint8Array(1024 * 1024 + 1))).rejects.toMatchObject({ code: 'kv.value_too_large' });
      });

      it('still has what was put when it is opened again', async () => {
        await bucket.put('a', bytes('1'));
        const reopened = await (await fixture.reopen()).bucket('contexts');
        expect(text((await reopened.get('a'))?.value)).toBe('1');
      });
    });

    describe('compare and set', () => {
      it('writes when the key has the revision given', async () => {
        const first = await bucket.putIf('a', bytes('1'), 0);
        await bucket.putIf('a', bytes('2'), first);
        expect(text((await bucket.get('a'))?.value)).toBe('2');
      });

      it('refuses another revision, an absent key, and a key that should be absent', async () => {
        const conflict = { code: 'kv.revision_conflict', refusal: 'conflict' };
        const revision = await bucket.put('a', bytes('1'));
        await expect(bucket.putIf('a', bytes('2'), revision + 1)).rejects.toMatchObject(conflict);
        await expect(bucket.putIf('a', bytes('2'), 0)).rejects.toMatchObject(conflict);
        await expect(bucket.putIf('b', bytes('2'), revision)).rejects.toMatchObject(conflict);
        expect(text((await bucket.get('a'))?.value)).toBe('1');
      });

      it('takes a deleted key for an absent one', async () => {
        await bucket.put('a', bytes('1'));
        await bucket.delete('a');
        await expect(bucket.putIf('a', bytes('2'), 0)).resolves.toBeGreaterThan(0);
      });

      it('lets exactly one of many writers win', async () => {
        const tries = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => bucket.putIf('lease', bytes(`${n}`), 0)));
        expect(tries.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      });

      it('counts to one hundred with ten hands', async () => {
        const hand = async (): Promise<void> => {
          for (let done = 0; done < 10;) {
            const now = await bucket.get('count');
            const next = Number(text(now?.value) || 0) + 1;
            const won = await bucket.putIf('count', bytes(`${next}`), now?.revision ?? 0).then(Boolean, () => false);
            if (won) done += 1;
          }
        };
        await Promise.all(Array.from({ length: 10 }, hand));
        expect(text((await bucket.get('count'))?.value)).toBe('100');
      });

      it('deletes only the revision given', async () => {
        const revision = await bucket.put('a', bytes('1'));
        await expect(bucket.delete('a', revision + 1)).rejects.toMatchObject({ code: 'kv.revision_conflict' });
        await bucket.delete('a', revision);
        await expect(bucket.delete('a', revision)).rejects.toMatchObject({ code: 'kv.revision_conflict' });
      });
    });

    describe('time to live', () => {
      it('lets a key vanish and tells its watchers', async () => {
        const changes = recorder();
        await bucket.watch('', changes.take);
        await bucket.put('a', bytes('1'), { ttl: 20 });
        expect(await changes.until(2)).toEqual([
          { key: 'a', value: bytes('1'), revision: expect.any(Number) },
          { key: 'a', revision: expect.any(Number) },
        ]);
        expect(await bucket.get('a')).toBeUndefined();
        expect(await bucket.list('')).toEqual([]);
        await expect(bucket.putIf('a', bytes('2'), 0)).resolves.toBeGreaterThan(0);
      });

      it('uses the time of the bucket unless the put has its own', async () => {
        const changes = recorder();
        const fleeting = await fixture.store.bucket('instances', { ttl: 20 });
        await fleeting.watch('', changes.take);
        await fleeting.put('short', bytes('1'));
        await fleeting.put('long', bytes('1'), { ttl: 3_600_000 });
        await changes.until(3);
        expect((await fleeting.list('')).map(({ key }) => key)).toEqual(['long']);
      });

      it('gives a key a new life with every put', async () => {
        const changes = recorder();
        await bucket.watch('', changes.take);
        await bucket.put('beat', bytes('1'), { ttl: 20 });
        await bucket.put('beat', bytes('2'));
        await bucket.put('other', bytes('1'), { ttl: 20 });
        await changes.untilLast(({ key, value }) => key === 'other' && value === undefined);
        expect(text((await bucket.get('beat'))?.value)).toBe('2');
      });

      it('goes on counting while nothing has the store open', async () => {
        await bucket.put('a', bytes('1'), { ttl: 20 });
        const reopened = await (await fixture.reopen()).bucket('contexts');
        while ((await reopened.get('a')) !== undefined) await reopened.put('time.passes', bytes(''));
        expect(await reopened.list('a')).toEqual([]);
      });
    });

    describe('watching', () => {
      it('tells what is there, then that it is complete, then each change of the prefix in order', async () => {
        const seen: string[] = [];
        const changes = recorder((change) => seen.push(`${change.key}=${text(change.value)}`));
        await bucket.put('a/1', bytes('1'));
        await bucket.put('b/1', bytes('1'));
        await bucket.watch('a/', changes.take, () => seen.push('ready'));
        await bucket.put('a/2', bytes('2'));
        await bucket.put('b/2', bytes('2'));
        await bucket.delete('a/1');
        await changes.until(3);
        expect(seen).toEqual(['a/1=1', 'ready', 'a/2=2', 'a/1=']);
      });

      it('misses nothing and repeats nothing while writes go on', async () => {
        const changes = recorder();
        const writes = Array.from({ length: 100 }, (_, n) => bucket.put(`n/${n}`, bytes(`${n}`)));
        await writes[9];
        const watch = await bucket.watch('n/', changes.take);
        await Promise.all(writes);
        await watch.caughtUp();
        const numbers = changes.all().map((change) => Number(text(change.value)));
        expect([...numbers].sort((x, y) => x - y)).toEqual(Array.from({ length: 100 }, (_, n) => n));
      });

      it('tells changes of one key in their order, up to the last', async () => {
        const changes = recorder();
        const writes = Array.from({ length: 100 }, (_, n) => bucket.put('n', bytes(`${n}`)));
        await writes[9];
        await bucket.watch('n', changes.take);
        const got = await changes.untilLast((change) => text(change.value) === '99');
        const numbers = got.map((change) => Number(text(change.value)));
        expect(numbers).toEqual([...new Set(numbers)].sort((x, y) => x - y));
      });

      it('says nothing of the deletion of a key that was not there', async () => {
        const changes = recorder();
        const watch = await bucket.watch('', changes.take);
        await bucket.delete('never');
        await bucket.put('a', bytes('1'));
        await watch.caughtUp();
        await bucket.delete('a');
        await bucket.delete('a');
        await watch.caughtUp();
        expect(changes.all().map(({ key, value }) => [key, value === undefined])).toEqual([
          ['a', false],
          ['a', true],
        ]);
      });

      it('has told all that was made before, once it has caught up', async () => {
        const changes = recorder();
        const watch = await bucket.watch('', changes.take);
        const before = changes.all().length;
        await Promise.all(['1', '2', '3'].map((n) => bucket.put(`a/${n}`, bytes(n))));
        await watch.caughtUp();
        expect(changes.all()).toHaveLength(before + 3);
      });

      it('tells nothing after it was stopped', async () => {
        const [changes, others] = [recorder(), recorder()];
        const watch = await bucket.watch('', changes.take);
        await bucket.watch('', others.take);
        await watch.stop();
        await bucket.put('a', bytes('1'));
        await others.until(1);
        expect(changes.all()).toEqual([]);
      });

      it('does not let one watcher touch the bytes of another', async () => {
        const [scribbler, reader] = [recorder((change) => change.value?.fill(0)), recorder()];
        await bucket.watch('', scribbler.take);
        await bucket.watch('', reader.take);
        await bucket.put('a', bytes('mine'));
        expect((await reader.until(1)).map((change) => text(change.value))).toEqual(['mine']);
      });
    });

    it('refuses everything once closed', async () => {
      await fixture.store.close();
      const closed = { code: 'kv.closed', refusal: 'unavailable' };
      await expect(bucket.get('a')).rejects.toMatchObject(closed);
      await expect(bucket.put('a', bytes(''))).rejects.toMatchObject(closed);
      await expect(bucket.watch('', () => undefined)).rejects.toMatchObject(closed);
    });
  });
}

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function text(value: Entry['value'] | undefined): string {
  return new TextDecoder().decode(value);
}

interface Recorder {
  take(this: void, change: Change): void;
  until(count: number): Promise<readonly Change[]>;
  untilLast(last: (change: Change) => boolean): Promise<readonly Change[]>;
  all(): readonly Change[];
}

function recorder(also?: (change: Change) => unknown): Recorder {
  const got: Change[] = [];
  let wake = (): void => undefined;
  const next = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  return {
    take: (change) => {
      got.push(change);
      also?.(change);
      wake();
    },
    until: async (count) => {
      while (got.length < count) await next();
      return got;
    },
    untilLast: async (last) => {
      while (!got.some(last)) await next();
      return got;
    },
    all: () => got,
  };
}

import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Blobs, ByteRange } from './blobs';

/** A store that can be opened again. */
export interface BlobsStore {
  /** Opens the store with all it holds. */
  open(): Promise<Blobs>;
  /** Removes the store and all it holds. */
  remove(): Promise<void>;
}

const refused = (code: string): unknown => expect.objectContaining({ code });
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** What every adapter of `Blobs` promises. `create` makes an empty store. */
export function blobsContract(adapter: string, create: () => Promise<BlobsStore>): void {
  describe(`${adapter} as Blobs`, () => {
    let store: BlobsStore;
    let blobs: Blobs;

    beforeEach(async () => {
      store = await create();
      blobs = await store.open();
    });

    afterEach(() => store.remove());

    describe('a blob', () => {
      it.each([0, 1, 65_536, 1_000_003])('of %d bytes comes back as it was put, whole or in pieces', async (size) => {
        const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31) % 251);
        const stat = { size, sha256: sha256(bytes) };
        expect(await blobs.put('whole', bytes)).toEqual(stat);
        expect(await blobs.put('pieces', inPieces(bytes, 7_001))).toEqual(stat);
        for (const key of ['whole', 'pieces']) {
          expect(sha256(await blobs.read(key))).toBe(stat.sha256);
          expect(sha256(await collect(await blobs.get(key)))).toBe(stat.sha256);
          expect(await blobs.stat(key)).toEqual(stat);
        }
      });

      it('that is not there is refused by get and read, and unknown to stat', async () => {
        await expect(blobs.get('a/b')).rejects.toEqual(refused('blobs.not_found'));
        await expect(blobs.read('a/b')).rejects.toEqual(refused('blobs.not_found'));
        expect(await blobs.stat('a/b')).toBeUndefined();
      });

      it('is replaced as a whole, while who reads the old one reads it to the end', async () => {
        const old = new Uint8Array(300_000).fill(1);
        await blobs.put('a', old);
        const reading = await blobs.get('a');
        await blobs.put('a', bytesOf('new'));
        expect(sha256(await collect(reading))).toBe(sha256(old));
        expect(textOf(await blobs.read('a'))).toBe('new');
      });

      it('stays as it was when its source fails, and is not there when there was none', async () => {
        await blobs.put('a', bytesOf('old'));
        const failing = async function* () {
          yield bytesOf('half');
          throw new Error('source gone');
        };
        await expect(blobs.put('a', failing())).rejects.toThrow('source gone');
        await expect(blobs.put('b', failing())).rejects.toThrow('source gone');
        expect(textOf(await blobs.read('a'))).toBe('old');
        expect(await blobs.stat('b')).toBeUndefined();
        expect(await blobs.list('', 10)).toEqual(['a']);
      });

      it('put by many at once is that of one of them', async () => {
        const texts = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(10_000));
        await Promise.all(texts.map((text) => blobs.put('same/key', bytesOf(text))));
        expect(texts).toContain(textOf(await blobs.read('same/key')));
      });

      it('is gone after remove, and removing it again is fine', async () => {
        await blobs.put('a/b', bytesOf('x'));
        await blobs.put('a/b/c', bytesOf('y'));
        await blobs.remove('a/b');
        await blobs.remove('a/b');
        await blobs.remove('never/was');
        expect(await blobs.stat('a/b')).toBeUndefined();
        expect(textOf(await blobs.read('a/b/c'))).toBe('y');
      });

      it('is put while its neighbours are removed', async () => {
        const rounds = Array.from({ length: 40 }, async (_, i) => {
          await blobs.put(`deep/er/${i}`, bytesOf('x'));
          if (i % 4 !== 0) await blobs.remove(`deep/er/${i}`);
        });
        await Promise.all(rounds);
        expect(await blobs.list('deep/', 99)).toHaveLength(10);
      });

      it('is there when the store is opened again', async () => {
        const stat = await blobs.put('a/b', bytesOf('kept'));
        const again = await store.open();
        expect(await again.stat('a/b')).toEqual(stat);
        expect(textOf(await again.read('a/b'))).toBe('kept');
      });
    });

    describe('a range', () => {
      const part = async (range: ByteRange): Promise<string> => textOf(await collect(await blobs.get('a', range)));

      it('is the bytes from start to end, both included', async () => {
        await blobs.put('a', bytesOf('0123456789'));
        expect(await part({ start: 0, end: 0 })).toBe('0');
        expect(await part({ start: 3, end: 5 })).toBe('345');
        expect(await part({ start: 0, end: 9 })).toBe('0123456789');
        expect(await part({ start: 8 })).toBe('89');
        expect(await part({ start: 9, end: 99 })).toBe('9');
      });

      it('without a byte in it is refused', async () => {
        await blobs.put('a', bytesOf('0123456789'));
        await blobs.put('empty', new Uint8Array());
        for (const range of [{ start: 10 }, { start: 5, end: 4 }, { start: -1 }, { start: 0.5 }, { start: 1, end: Number.NaN }]) {
          await expect(blobs.get('a', range)).rejects.toEqual(refused('blobs.range_invalid'));
        }
        await expect(blobs.get('empty', { start: 0 })).rejects.toEqual(refused('blobs.range_invalid'));
      });

      it('can be left before its end', async () => {
        await blobs.put('a', new Uint8Array(500_000));
        for await (const chunk of await blobs.get('a')) {
          expect(chunk.length).toBeGreaterThan(0);
          break;
        }
      });
    });

    describe('a key', () => {
      it.each([
        ...['', '.', '..', 'a/../b', '../a', 'a/..', '/a', 'a/', 'a//b', './a', 'a\0b', 'a\\b', 'a b', 'ä', 'a~', 'C:a'],
        'x'.repeat(129),
        Array(5).fill('x'.repeat(110)).join('/'),
      ])('%j is refused', async (key) => {
        const asked = [blobs.put(key, bytesOf('x')), blobs.get(key), blobs.read(key), blobs.stat(key), blobs.remove(key)];
        for (const outcome of await Promise.allSettled(asked)) {
          expect(outcome).toEqual({ status: 'rejected', reason: refused('blobs.key_invalid') });
        }
      });

      it.each([
        'a',
        '...',
        '..a',
        '-',
        'A.b_c-9',
        'x'.repeat(128),
        `${'x'.repeat(127)}/${'y'.repeat(128)}/${'z'.repeat(128)}/${'.a'.repeat(63)}`,
      ])('%s is fine', async (key) => {
        await blobs.put(key, bytesOf(key));
        expect(textOf(await blobs.read(key))).toBe(key);
        expect(await blobs.list('', 1)).toEqual([key]);
      });
    });

    describe('a list', () => {
      const all = ['a', 'a-b', 'a.b', 'a/b', 'a/b/c', 'a/b0', 'a/c', 'a0', 'b', 'b/a'];

      it('has the keys in order, from a prefix, after a key, up to a limit', async () => {
        for (const key of [...all].reverse()) await blobs.put(key, bytesOf('x'));
        expect(await blobs.list('', 100)).toEqual(all);
        expect(await blobs.list('a/', 100)).toEqual(['a/b', 'a/b/c', 'a/b0', 'a/c']);
        expect(await blobs.list('a/b', 100)).toEqual(['a/b', 'a/b/c', 'a/b0']);
        expect(await blobs.list('', 3, 'a/b')).toEqual(['a/b/c', 'a/b0', 'a/c']);
        expect(await blobs.list('none/', 3)).toEqual([]);
        expect(await blobs.list('', 0)).toEqual([]);
      });

      it('equals sorting and filtering, whatever the keys', async () => {
        const segment = fc.string({ unit: fc.constantFrom('a', 'b', '-', '0'), minLength: 1, maxLength: 2 });
        const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
        const keys = fc.sample(fc.uniqueArray(key, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed: 7 })[0] ?? [];
        await Promise.all(keys.map((each) => blobs.put(each, bytesOf('x'))));
        const sorted = [...keys].sort();
        const prefix = fc.oneof(
          key,
          key.map((each) => `${each}/`),
          fc.constant(''),
        );
        await fc.assert(
          fc.asyncProperty(prefix, fc.option(key, { nil: undefined }), fc.integer({ min: 1, max: 70 }), async (start, after, limit) => {
            const expected = sorted.filter((each) => each.startsWith(start) && each > (after ?? '')).slice(0, limit);
            expect(await blobs.list(start, limit, after)).toEqual(expected);
          }),
          { numRuns: 200 },
        );
      });

      it.each(['/', '../', 'a/../', 'a//', 'ä', 'a\0', 'x'.repeat(129)])('from %j is refused, as no key starts so', async (prefix) => {
        await expect(blobs.list(prefix, 1)).rejects.toEqual(refused('blobs.key_invalid'));
      });
    });
  });
}

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Collection } from '@millrace/documents';
import type { Bucket, NewEvent } from '@millrace/messaging';
import { temporaryFolder } from '@millrace/testing';
import { openLocalPlatform } from '../local-platform';
import type { Platform } from '../platform';
import { backUp, type Backup } from './back-up';

interface Count {
  readonly id: string;
  readonly n: number;
}

const COUNTS = { name: 'counts', id: ({ id }: Count) => id, indexes: [] };
const bytesOf = (n: number): Uint8Array => new TextEncoder().encode(String(n));
const numberOf = (bytes: Uint8Array | undefined): number => Number(new TextDecoder().decode(bytes));

const eventOf = (n: number): NewEvent => ({
  ...{ id: `evt_${n}`, workspaceId: 'ws_1', type: 'counted', time: 0, payload: bytesOf(n), correlationId: 'cor_1', source: {} },
  actor: { kind: 'user', id: 'ada' },
});

/** A platform on which one thing is written after the other, in every store in turn. */
class Counting {
  private constructor(
    readonly platform: Platform,
    private readonly bucket: Bucket,
    private readonly counts: Collection<Count>,
    private readonly documents: { close(): Promise<void> },
    private readonly outbox: { stop(): Promise<void> },
  ) {}

  static async open(folder: string): Promise<Counting> {
    const platform = await openLocalPlatform({ folder, durability: 'fast', logLevel: 'silent' });
    const { documents, outbox } = await platform.documents('counting');
    return new Counting(platform, await platform.keyValue.bucket('counts'), await documents.collection(COUNTS), documents, outbox);
  }

  /** Blob, document, event, key: each store has a number before the next one has it. */
  async write(n: number): Promise<void> {
    await this.platform.blobs.put(`numbers/${n % 7}/${n}`, bytesOf(n));
    await (n === 0 ? this.counts.insert({ id: 'c', n }) : this.counts.update('c', (count) => ({ document: { ...count, n }, events: [] })));
    await this.platform.eventLog.append([eventOf(n)]);
    await this.bucket.put('c', bytesOf(n));
    if (n >= 50) await this.platform.blobs.remove(`numbers/${(n - 50) % 7}/${n - 50}`);
  }

  /** How far each store has come, in the order in which they are written. */
  async reached(): Promise<{ readonly blobs: readonly number[]; readonly order: readonly number[] }> {
    const keys = await this.platform.blobs.list('numbers/', 10_000);
    const blobs = await Promise.all(keys.map(async (key) => numberOf(await this.platform.blobs.read(key))));
    const { last } = await this.platform.eventLog.range();
    const [count, kept] = [await this.counts.find('c'), await this.bucket.get('c')];
    return { blobs, order: [Math.max(...blobs), count?.document.n ?? -1, Number(last) - 1, numberOf(kept?.value)] };
  }

  async close(): Promise<void> {
    await this.outbox.stop();
    await this.documents.close();
    await this.platform.close();
  }
}

describe('a backup', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let data: string;
  let to: string;

  beforeEach(() => {
    folder = temporaryFolder();
    data = join(folder.path, 'data');
    to = join(folder.path, 'copy');
  });

  afterEach(() => {
    folder[Symbol.dispose]();
  });

  /** Backs up while numbers are written; answers how many were written before, and by the end. */
  const underLoad = async (counting: Counting): Promise<{ readonly before: number; readonly taken: Backup }> => {
    let n = 0;
    for (; n < 100; n += 1) await counting.write(n);
    let taken: Backup | undefined;
    const before = n - 1;
    const taking = backUp({ data, to }).then((backup) => (taken = backup));
    for (; taken === undefined; n += 1) await counting.write(n);
    return { before, taken: await taking };
  };

  it('is of one moment in all stores, while they are written', async () => {
    const counting = await Counting.open(data);
    const { before, taken } = await underLoad(counting);
    await counting.close();
    expect(Object.keys(taken.databases).toSorted()).toEqual(['counting.db', 'history.db', 'key-value.db', 'log.db']);
    const copy = await Counting.open(to);
    const { blobs, order } = await copy.reached();
    const [newest = 0, ...rest] = order;
    expect(rest.at(-1)).toBeGreaterThanOrEqual(before);
    for (const store of rest) expect([newest, newest - 1]).toContain(store);
    expect(order).toEqual(order.toSorted((one, other) => other - one));
    // What was removed at that moment is not in it, all else is.
    const expected = Array.from({ length: blobs.length }, (_, index) => newest - index);
    expect(blobs.toSorted((one, other) => other - one)).toEqual(expected);
    expect([50, 51]).toContain(blobs.length);
    await copy.close();
  });

  it('is another log from then on: nobody takes a position of the one it was copied from for its own', async () => {
    const counting = await Counting.open(data);
    await counting.write(0);
    await backUp({ data, to });
    const { epoch } = await counting.platform.eventLog.range();
    await counting.close();
    const copy = await Counting.open(to);
    const range = await copy.platform.eventLog.range();
    expect([range.last, range.epoch === epoch]).toEqual([1n, false]);
    await copy.close();
    const again = await Counting.open(to);
    expect((await again.platform.eventLog.range()).epoch).toBe(range.epoch);
    await again.close();
  });

  it('is taken of a folder that nobody uses, with what a person put there, and without what can be had again', async () => {
    const counting = await Counting.open(data);
    await counting.write(0);
    await counting.close();
    writeFileSync(join(data, 'gateway.yaml'), 'limits: {}\n');
    mkdirSync(join(data, 'scratch', 'runtime'), { recursive: true });
    const taken = await backUp({ data, to });
    expect(taken.blobs).toEqual({ files: 1, bytes: expect.any(Number) });
    expect(readdirSync(to).toSorted()).toEqual([
      ...['backup.json', 'blobs', 'counting.db', 'gateway.yaml', 'history.db', 'key-value.db', 'log.db', 'log.db-mark'],
    ]);
    expect(JSON.parse(readFileSync(join(to, 'backup.json'), 'utf8'))).toEqual(taken);
    expect(readdirSync(join(data, 'scratch'))).toEqual(['runtime']);
  });

  it('is not taken of nothing, nor over something, nor of files that cannot be held', async () => {
    await expect(backUp({ data, to })).rejects.toMatchObject({ code: 'backup.nothing_there', facts: { data } });
    const counting = await Counting.open(data);
    await counting.write(0);
    await expect(backUp({ data, to: folder.path })).rejects.toMatchObject({ code: 'backup.folder_taken' });
    const first = backUp({ data, to });
    await expect(backUp({ data, to: join(folder.path, 'other') })).rejects.toMatchObject({ code: 'backup.in_progress' });
    await first;
    await counting.close();
    rmSync(join(data, 'scratch'), { recursive: true });
    writeFileSync(join(data, 'scratch'), 'in the way');
    await expect(backUp({ data, to: join(folder.path, 'third') })).rejects.toThrow('scratch');
  });

  it('passes on what is wrong with a file, and holds nobody up after that', async () => {
    const counting = await Counting.open(data);
    writeFileSync(join(data, 'other.db'), 'this is no database, and too long to be taken for an empty one'.repeat(100));
    await expect(backUp({ data, to })).rejects.toThrow('not a database');
    await counting.write(0);
    await counting.close();
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock, Ids } from '@millrace/kernel';
import { FolderBlobs } from './folder/folder-blobs';
import { StagedBlobs } from './staged-blobs';

class HandClock extends Clock {
  time = 1_000_000;

  override now(): number {
    return this.time;
  }
}

class CountedIds extends Ids {
  private count = 0;

  override mint(prefix: string): string {
    this.count += 1;
    return `${prefix}_${String(this.count).padStart(26, '0')}`;
  }

  override derive(prefix: string): string {
    return this.mint(prefix);
  }
}

const DAY = 86_400_000;
const nobody = () => Promise.resolve(false);

describe('blobs on their way to an owner', () => {
  let folder: string;
  let blobs: FolderBlobs;
  let clock: HandClock;
  let staged: StagedBlobs;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blobs-'));
    blobs = await FolderBlobs.open(folder);
    clock = new HandClock();
    staged = new StagedBlobs(blobs, clock, new CountedIds());
  });

  afterEach(() => rm(folder, { recursive: true }));

  const bytesOf = (ref: string): Promise<Uint8Array | undefined> =>
    staged.get(ref).then(
      async (chunks) => Buffer.concat(await Array.fromAsync(chunks)),
      () => undefined,
    );

  it('are swept when nobody keeps them in time, and not before', async () => {
    const { ref, size } = await staged.put(Uint8Array.of(1, 2));
    expect(size).toBe(2);
    clock.time += DAY;
    expect(await staged.sweep(DAY, nobody)).toBe(0);
    expect(await bytesOf(ref)).toEqual(Buffer.of(1, 2));
    clock.time += 1;
    expect(await staged.sweep(DAY, nobody)).toBe(1);
    expect(await bytesOf(ref)).toBeUndefined();
    expect(await blobs.list('', 10)).toEqual([]);
  });

  it('stay for as long as their owner wants, and go with it', async () => {
    const { ref } = await staged.put(Uint8Array.of(1));
    await staged.keep(ref);
    clock.time += 100 * DAY;
    expect(await staged.sweep(DAY, nobody)).toBe(0);
    expect(await bytesOf(ref)).toEqual(Buffer.of(1));
    await staged.discard(ref);
    await staged.discard(ref);
    expect(await blobs.list('', 10)).toEqual([]);
  });

  it('stay when a crash came between the word of their owner and the mark', async () => {
    const { ref } = await staged.put(Uint8Array.of(1));
    clock.time += 2 * DAY;
    expect(await staged.sweep(DAY, async (asked) => asked === ref)).toBe(0);
    expect(await blobs.list('staged/', 10)).toEqual([]);
    expect(await bytesOf(ref)).toEqual(Buffer.of(1));
  });

  it('go when a crash came between the word that nobody owns them any more and their removal', async () => {
    const { ref } = await staged.put(Uint8Array.of(1));
    await staged.keep(ref);
    await staged.mark(ref);
    clock.time += 2 * DAY;
    expect(await staged.sweep(DAY, nobody)).toBe(1);
    expect(await blobs.list('', 10)).toEqual([]);
  });

  it('leave a mark by which what came of a broken source is found', async () => {
    const broken = async function* () {
      yield Uint8Array.of(1);
      throw new Error('gone');
    };
    await expect(staged.put(broken())).rejects.toThrow('gone');
    expect(await blobs.list('uploads/', 10)).toEqual([]);
    clock.time += 2 * DAY;
    expect(await staged.sweep(DAY, nobody)).toBe(1);
    expect(await blobs.list('', 10)).toEqual([]);
  });

  it('are swept page by page', async () => {
    for (let index = 0; index < 205; index += 1) await staged.put(Uint8Array.of(1));
    clock.time += 2 * DAY;
    expect(await staged.sweep(DAY, nobody)).toBe(205);
  });

  it('are named by refs alone', async () => {
    for (const ref of ['', '../x', '000000001000000-upl_../../a', 'workspaces/a']) {
      for (const asked of [staged.get(ref), staged.stat(ref), staged.keep(ref), staged.discard(ref)]) {
        await expect(asked).rejects.toMatchObject({ code: 'blobs.ref_invalid' });
      }
    }
  });

  it('show how they begin, and what is known of them', async () => {
    const { ref, sha256 } = await staged.put(Uint8Array.of(1, 2, 3));
    expect(await staged.stat(ref)).toEqual({ size: 3, sha256 });
    expect(await staged.head(ref, 2)).toEqual(Buffer.of(1, 2));
    expect(await staged.head(ref, 9)).toEqual(Buffer.of(1, 2, 3));
    const empty = await staged.put(new Uint8Array());
    expect(await staged.head(empty.ref, 9)).toEqual(new Uint8Array());
    await staged.discard(ref);
    await expect(staged.head(ref, 2)).rejects.toMatchObject({ code: 'blobs.not_found' });
  });
});

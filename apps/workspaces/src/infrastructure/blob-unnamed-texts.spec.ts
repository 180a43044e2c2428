import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderBlobs, type Blobs } from '@millrace/blobs';
import { temporaryFolder } from '@millrace/testing';
import { through } from '../../testing/through';
import { BlobFileStore } from './blob-file-store';
import { BlobUnnamedTexts } from './blob-unnamed-texts';

const WORKSPACE = 'ws_00000000000000000000000001';

describe('texts that nothing names', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let blobs: Blobs;
  let texts: BlobUnnamedTexts;
  let digest: string;
  const nobody = () => Promise.resolve(false);
  const get = () => new BlobFileStore(blobs).get(WORKSPACE, digest);
  const left = async () => (await blobs.list('retired', 100)).length;

  beforeEach(async () => {
    folder = temporaryFolder();
    blobs = await FolderBlobs.open(join(folder.path, 'blobs'));
    texts = new BlobUnnamedTexts(blobs);
    ({ digest } = await new BlobFileStore(blobs).put(WORKSPACE, 'a text'));
  });

  afterEach(() => {
    folder[Symbol.dispose]();
  });

  it('stay as long as they may after the last time that they were put aside, not the first', async () => {
    await texts.retire(WORKSPACE, digest, 1_000);
    await get();
    await texts.retire(WORKSPACE, digest, 5_000);
    expect(await texts.expire(2_000, nobody)).toBe(0);
    expect(await get()).toBe('a text');
    await texts.retire(WORKSPACE, digest, 6_000);
    expect(await texts.expire(6_001, nobody)).toBe(1);
    await expect(get()).rejects.toMatchObject({ code: 'blobs.not_found' });
    expect(await left()).toBe(0);
  });

  it('may be put aside by two at once', async () => {
    await texts.retire(WORKSPACE, digest, 1_000);
    await texts.retire(WORKSPACE, digest, 2_000);
    expect(await texts.expire(1_500, nobody)).toBe(1);
    expect(await left()).toBe(0);
  });

  it('are not taken for gone when the store is away', async () => {
    const away = new BlobUnnamedTexts(through(blobs, { read: () => Promise.reject(new Error('The store is away.')) }));
    await expect(away.retire(WORKSPACE, digest, 1_000)).rejects.toThrow('The store is away.');
    expect(await get()).toBe('a text');
  });

  it('go with their workspace, put aside or not', async () => {
    await texts.retire(WORKSPACE, digest, 1_000);
    await new BlobFileStore(blobs).put(WORKSPACE, 'another text');
    await texts.removeAll(WORKSPACE);
    expect(await blobs.list('workspaces/', 10)).toEqual([]);
    expect(await texts.expire(1_001, nobody)).toBe(1);
    expect(await left()).toBe(0);
  });
});

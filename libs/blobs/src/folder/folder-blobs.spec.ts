import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { access, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobsContract } from '../blobs.contract';
import { FolderBlobs } from './folder-blobs';

blobsContract('FolderBlobs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blobs-'));
  return {
    open: () => FolderBlobs.open(join(folder, 'new', 'folder')),
    remove: () => rm(folder, { recursive: true }),
  };
});

describe('FolderBlobs', () => {
  let folder: string;
  let blobs: FolderBlobs;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blobs-'));
    blobs = await FolderBlobs.open(folder);
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('sweeps away what a killed process left half written', async () => {
    await writeFile(join(folder, 'incoming', 'half'), 'half');
    await FolderBlobs.open(folder);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  it('leaves nothing behind of a source that failed', async () => {
    const failing = async function* () {
      yield Uint8Array.of(1);
      throw new Error('gone');
    };
    await expect(blobs.put('a', failing())).rejects.toThrow('gone');
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  it('tidies folders that a removal leaves empty, and no others', async () => {
    await blobs.put('a/b/c', Uint8Array.of(1));
    await blobs.put('a/d', Uint8Array.of(1));
    await blobs.remove('a/b/c');
    expect(await readdir(join(folder, 'kept', 'a'))).toEqual(['d~']);
    await blobs.remove('a/d');
    expect(await readdir(join(folder, 'kept'))).toEqual([]);
    await access(join(folder, 'kept'));
  });

  it('never gives damaged bytes for whole ones', async () => {
    await blobs.put('a', new Uint8Array(100_000));
    const path = join(folder, 'kept', 'a~');
    const file = await readFile(path);
    file[50_000] = 1;
    await writeFile(path, file);
    await expect(blobs.read('a')).rejects.toThrow('The blob "a" is damaged');
    await truncate(path, 9);
    await expect(blobs.stat('a')).rejects.toThrow('damaged');
    await expect(blobs.get('a')).rejects.toThrow('damaged');
  });

  it('fails rather than end early when the file shrinks while it is read', async () => {
    await blobs.put('a', new Uint8Array(200_000));
    const reading = (await blobs.get('a', { start: 1 }))[Symbol.asyncIterator]();
    await reading.next();
    await truncate(join(folder, 'kept', 'a~'), 70_000);
    await reading.next();
    await expect(reading.next()).rejects.toThrow('damaged');
  });

  it('passes on what the file system refuses', async () => {
    await rm(join(folder, 'kept'), { recursive: true });
    await writeFile(join(folder, 'kept'), 'in the way');
    await expect(blobs.put('a/b', Uint8Array.of(1))).rejects.toThrow('ENOTDIR');
    await expect(blobs.get('a/b')).rejects.toThrow('ENOTDIR');
    await expect(blobs.list('', 1)).rejects.toThrow('ENOTDIR');
  });
});

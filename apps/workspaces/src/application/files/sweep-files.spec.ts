import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderBlobs, StagedBlobs } from '@millrace/blobs';
import { SqliteDocuments, type Collection } from '@millrace/documents';
import { Clock } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { temporaryFolder } from '@millrace/testing';
import { createFile, type WorkspaceFile } from '../../domain/files/file';
import { FILE_USES, FILES } from '../../infrastructure/file-collections';
import { Facts } from '../facts';
import { ChangeFiles } from './change-files';
import type { FileAccess } from './file-access';
import { FileUses, type CountedUsage } from './file-uses';
import { SweepFiles } from './sweep-files';

class HandClock extends Clock {
  time = 1_000_000_000;

  override now(): number {
    return this.time;
  }
}

const DAY = 86_400_000;
const WORKSPACE = 'ws_00000000000000000000000001';

describe('files that nobody wants any more', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let documents: SqliteDocuments;
  let files: Collection<WorkspaceFile>;
  let uses: Collection<CountedUsage>;
  let clock: HandClock;
  let staged: StagedBlobs;
  let fileUses: FileUses;
  let sweep: SweepFiles;
  let ids: SystemIds;

  beforeEach(async () => {
    folder = temporaryFolder();
    clock = new HandClock();
    ids = new SystemIds(clock);
    documents = await SqliteDocuments.open(join(folder.path, 'workspaces.db'));
    files = await documents.collection(FILES);
    uses = await documents.collection(FILE_USES);
    staged = new StagedBlobs(await FolderBlobs.open(join(folder.path, 'blobs')), clock, ids);
    fileUses = new FileUses(uses, files, clock, { upload: 10, files: 3, bytes: 25 });
    const photos = { forget: () => Promise.resolve() };
    const parts = { files, staged, photos, uses: fileUses, facts: new Facts(clock, ids), clock, ids };
    // Nobody asks: the sweep needs no right.
    const changeFiles = new ChangeFiles({ ...parts, fileAccess: undefined as unknown as FileAccess });
    sweep = new SweepFiles({ ...parts, changeFiles });
  });

  afterEach(async () => {
    await documents.close();
    folder[Symbol.dispose]();
  });

  const keep = async (said: { expiresAt?: number } = {}, size = 5): Promise<WorkspaceFile> => {
    const content = await staged.put(new Uint8Array(size));
    const id = ids.mint('fil');
    const file = createFile({ ...content, type: 'a/b', id, workspaceId: WORKSPACE, name: 'a', owner: 'ada' }, said, {
      by: 'ada',
      at: clock.now(),
    });
    await fileUses.during(WORKSPACE, { files: 1, bytes: size }, () => files.insert(file, []));
    await staged.keep(content.ref);
    return file;
  };

  const usage = async () => (await uses.get(WORKSPACE)).document;

  it('are deleted when their time is over, with their bytes, and others stay', async () => {
    const [ending, staying, later] = [
      await keep({ expiresAt: clock.time + 10 }),
      await keep(),
      await keep({ expiresAt: clock.time + 100 }),
    ];
    clock.time += 10;
    await Promise.all([sweep.ended(), sweep.ended()]);
    expect(await files.find(ending.id)).toBeUndefined();
    await expect(staged.stat(ending.ref)).rejects.toMatchObject({ code: 'blobs.not_found' });
    for (const { id, ref } of [staying, later]) expect([(await files.get(id)).document.id, (await staged.stat(ref)).size]).toEqual([id, 5]);
    expect(await documents.outbox.pending(10)).toHaveLength(1);
  });

  it('are discarded a day after an upload that became no file', async () => {
    const [{ ref }, file] = [await staged.put(new Uint8Array(1)), await keep()];
    await staged.mark(file.ref);
    clock.time += DAY + 1;
    await sweep.abandoned();
    await expect(staged.stat(ref)).rejects.toMatchObject({ code: 'blobs.not_found' });
    expect((await staged.stat(file.ref)).size).toBe(5);
  });

  const keepMany = async (count: number, said: { expiresAt?: number }): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      const id = ids.mint('fil');
      const content = { ref: (await staged.put(new Uint8Array(1))).ref, size: 1, sha256: '', type: 'a/b' };
      await files.insert(
        createFile({ ...content, id, workspaceId: WORKSPACE, name: 'a', owner: 'ada' }, said, { by: 'ada', at: clock.now() }),
      );
    }
  };

  it('are all deleted when their time is over, however many there are', async () => {
    const staying = await keep();
    await keepMany(120, { expiresAt: clock.time + 10 });
    clock.time += 10;
    await sweep.ended();
    expect((await files.page({ limit: 200 })).items.map(({ document }) => document.id)).toEqual([staying.id]);
  });

  it('are counted to the last one', async () => {
    await keep();
    await keepMany(204, {});
    clock.time += DAY;
    await fileUses.recount();
    expect(await usage()).toMatchObject({ files: 205, bytes: 209 });
  });

  it('are counted within what a workspace may have', async () => {
    await keep({}, 10);
    await keep({}, 10);
    expect(await fileUses.room(WORKSPACE)).toBe(5);
    await expect(keep({}, 6)).rejects.toMatchObject({ code: 'workspaces.quota_reached' });
    expect(await usage()).toMatchObject({ files: 2, bytes: 20 });
    await keep({}, 1);
    await expect(keep({}, 1)).rejects.toMatchObject({ code: 'workspaces.quota_reached' });
  });

  it('give back what a failed write had taken, and a day later what a crash had', async () => {
    await keep();
    await expect(fileUses.during(WORKSPACE, { files: 1, bytes: 5 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await usage()).toMatchObject({ files: 1, bytes: 5 });
    await fileUses.take(WORKSPACE, { files: 1, bytes: 7 });
    await fileUses.recount();
    expect(await usage()).toMatchObject({ files: 2, bytes: 12 });
    clock.time += DAY;
    await fileUses.recount();
    expect(await usage()).toMatchObject({ files: 1, bytes: 5, countedAt: clock.time });
  });
});

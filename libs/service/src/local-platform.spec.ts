import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@millrace/testing';
import { openLocalPlatform } from './local-platform';
import type { Platform, ServiceDocuments } from './platform';

describe('the embedded platform', () => {
  it('says what to do about a folder it cannot use', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'a-file');
    writeFileSync(file, '');
    const opening = openLocalPlatform({ folder: join(file, 'data'), durability: 'safe', logLevel: 'silent' });
    await expect(opening).rejects.toMatchObject({ code: 'service.folder_unusable', message: expect.stringContaining('MILLRACE_DATA') });
  });

  it('refuses a folder that another one has open', async () => {
    using folder = temporaryFolder();
    const options = { folder: folder.path, durability: 'safe', logLevel: 'silent' } as const;
    const platform = await openLocalPlatform(options);
    await expect(openLocalPlatform(options)).rejects.toMatchObject({ refusal: 'unavailable' });
    await platform.close();
    await (await openLocalPlatform(options)).close();
  });
});

describe('what the embedded platform stands on', () => {
  const SHARED = ['key-value store', 'event log', 'history', 'blob store'];
  let folder: ReturnType<typeof temporaryFolder>;
  let platform: Platform;
  let kept: ServiceDocuments;

  beforeEach(async () => {
    folder = temporaryFolder();
    platform = await openLocalPlatform({ folder: folder.path, durability: 'fast', logLevel: 'silent' });
    kept = await platform.documents('workspaces');
  });

  afterEach(async () => {
    await kept.outbox.stop();
    await kept.documents.close();
    await platform.close();
    folder[Symbol.dispose]();
  });

  const away = async (): Promise<readonly string[]> => {
    const dependencies = platform.dependencies('workspaces');
    const answers = await Promise.allSettled(dependencies.map(({ check }) => check()));
    return dependencies.filter((_, index) => answers[index]?.status === 'rejected').map(({ name }) => name);
  };

  it('is named, with its own documents for each service', async () => {
    expect(platform.dependencies('workspaces').map(({ name }) => name)).toEqual([...SHARED, 'document store']);
    expect(platform.dependencies('gateway').map(({ name }) => name)).toEqual(SHARED);
    expect(await away()).toEqual([]);
  });

  it('is all needed, but for what most work goes on without', () => {
    const essential = platform.dependencies('workspaces').filter((dependency) => dependency.essential);
    expect(essential.map(({ name }) => name)).toEqual(['key-value store', 'event log', 'document store']);
  });

  it.each([
    ['key-value store', 'key-value.db'],
    ['event log', 'log.db'],
    ['history', 'history.db'],
    ['blob store', 'blobs'],
    ['document store', 'workspaces.db'],
  ])('is away by name when somebody removes it: %s', async (name, file) => {
    rmSync(join(folder.path, file), { recursive: true });
    expect(await away()).toEqual([name]);
  });

  it.each([
    ['key-value store', 'key-value.db', 'entries'],
    ['event log', 'log.db', 'log'],
    ['history', 'history.db', 'events'],
    ['document store', 'workspaces.db', 'outbox_mark'],
  ])('is away by name when it cannot be read: %s', async (name, file, table) => {
    using beside = new DatabaseSync(join(folder.path, file), { timeout: 5_000 });
    beside.exec(`DROP TABLE ${table}`);
    expect(await away()).toEqual([name]);
  });
});

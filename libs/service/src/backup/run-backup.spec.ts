import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@millrace/testing';
import { openLocalPlatform } from '../local-platform';
import { runBackup } from './run-backup';

describe('the command that backs up', () => {
  it('copies the folder that the environment names, and says what it did', async () => {
    using folder = temporaryFolder();
    const data = join(folder.path, 'data');
    const to = join(folder.path, 'copy');
    await (await openLocalPlatform({ folder: data, durability: 'fast', logLevel: 'silent' })).close();
    const said = await runBackup([to], { MILLRACE_DATA: data });
    expect(said).toContain(`${to} is ${data} as it was at `);
    expect(said).toContain('3 databases and 0 blobs');
    expect(existsSync(join(to, 'backup.json'))).toBe(true);
  });

  it('wants the name of a folder, and a platform that keeps its data in one', async () => {
    await expect(runBackup([], {})).rejects.toMatchObject({ code: 'backup.folder_missing' });
    const environment = { MILLRACE_PLATFORM: 'cluster', MILLRACE_NATS_URL: 'nats://127.0.0.1:4222', MILLRACE_NATS_USER: 'u' };
    await expect(runBackup(['copy'], environment)).rejects.toMatchObject({ code: 'backup.of_servers' });
  });
});

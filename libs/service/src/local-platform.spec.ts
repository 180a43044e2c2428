import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@millrace/testing';
import { openLocalPlatform } from './local-platform';

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

import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SqliteKeyValue } from '@millrace/messaging';
import { PinoLog } from '@millrace/observability';
import { temporaryFolder } from '@millrace/testing';
import { SystemClock } from '../machine/machine';
import { Checkpoints } from './checkpoints';

const LARGE = new Uint8Array(512 * 1024).fill(7);

describe('the thread that looks after the files', () => {
  it('moves what was written into the file, while more is written', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'kv.db');
    const keyValue = new SqliteKeyValue({ file, clock: new SystemClock(), durability: 'fast', sharesFile: true });
    const moved = Promise.withResolvers<string>();
    const log = new PinoLog('platform', 'silent');
    const checkpoints = new Checkpoints({ files: [file], log, every: 1, onMoved: moved.resolve });
    const bucket = await keyValue.bucket('b');
    const before = statSync(file).size;
    for (let n = 0; n < 16; n += 1) await bucket.put(`k${n}`, LARGE);
    expect(await moved.promise).toBe(file);
    expect(statSync(file).size).toBeGreaterThan(before + 1024 * 1024);
    await bucket.put('last', LARGE);
    await checkpoints.close();
    await keyValue.close();
    const again = new SqliteKeyValue({ file, clock: new SystemClock(), sharesFile: true });
    expect((await (await again.bucket('b')).list('')).length).toBe(17);
    await again.close();
  });

  it('says what is wrong with a file, and ends when it is told to', async () => {
    using folder = temporaryFolder();
    const said = Promise.withResolvers<unknown>();
    const log = Object.assign(new PinoLog('platform', 'silent'), { warn: (_: string, fields: unknown) => said.resolve(fields) });
    const file = join(folder.path, 'no.db');
    writeFileSync(file, 'this is no database, and too long to be taken for an empty one'.repeat(100));
    writeFileSync(`${file}-wal`, new Uint8Array(5 * 1024 * 1024).fill(1));
    const checkpoints = new Checkpoints({ files: [file], log, every: 1 });
    expect(await said.promise).toMatchObject({ file, problem: expect.stringContaining('not a database') });
    await checkpoints.close();
    await checkpoints.close();
  });
});

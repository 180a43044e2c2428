import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { alone } from './lock.mjs';

const HOLDER = `
  import { alone } from ${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)};
  await alone(process.argv[1], () => new Promise((resolve) => { console.log('held'); setTimeout(resolve, 600_000); }));
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a lock', () => {
  it('lets one in at a time', async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} in`);
      await readdir(folder);
      events.push(`${name} out`);
    };
    await Promise.all(['one', 'other'].map((name) => alone(join(folder, 'lock'), work(name))));
    expect(events).toEqual(['one in', 'one out', 'other in', 'other out']);
  });

  it('is free again when the work fails', async () => {
    const file = join(folder, 'lock');
    await expect(alone(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(alone(file, () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('is free again when the process that held it is killed', async () => {
    const file = join(folder, 'lock');
    const holder = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', HOLDER, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    let entered = false;
    const waiting = alone(file, async () => (entered = true));
    expect(entered).toBe(false);
    holder.kill('SIGKILL');
    await expect(waiting).resolves.toBe(true);
  });
});

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../testing/folder';

const HOOKS = fileURLToPath(new URL('../../../tools/jest/run-typescript.mjs', import.meta.url));
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** Starts the program as a process of its own. */
function started(words: readonly string[], folder: string) {
  const env = { ...process.env, FORCE_COLOR: undefined, CLICOLOR_FORCE: undefined };
  return spawn(process.execPath, ['--import', HOOKS, MAIN, ...words], { cwd: folder, env, stdio: 'pipe' });
}

async function ended(child: ReturnType<typeof started>): Promise<{ code: number | null; output: string; notes: string }> {
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [output, notes, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, output, notes };
}

describe('the program', () => {
  it('reads standard input, writes data and notes apart, without colour in a pipe, and ends with the exit code', async () => {
    using folder = new TestFolder();
    const child = started(['eval', '--json'], folder.path);
    child.stdin.end('{ expr: "{{a}}", vars: { a: 1 } }');
    expect(await ended(child)).toEqual({ code: 0, output: '{\n  "id": "0",\n  "ok": true,\n  "value": 1\n}\n', notes: '' });
    expect(await ended(started(['check', 'nowhere'], folder.path))).toEqual({
      code: 3,
      output: '',
      notes: expect.stringMatching(/^millrace: not-found \(cli\.file_not_found\)\n {2}There is no file or folder nowhere\.\n/),
    });
  });

  it('ends quietly when nobody reads on', async () => {
    using folder = new TestFolder({ 'automations/a.yaml': `do: []\n${Array.from({ length: 5_000 }, (_, i) => `k${i}: 1\n`).join('')}` });
    const child = started(['check', '--json'], folder.path);
    child.stdout.destroy();
    const notes = text(child.stderr);
    await new Promise((resolve) => child.on('close', resolve));
    expect(await notes).toBe('');
  });
});

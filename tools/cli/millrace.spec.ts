import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const TOOLS = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = 'console.log(JSON.stringify(process.argv.slice(2)), process.cwd()); process.exitCode = 5;\n';

describe('the millrace command of the repository', () => {
  let house = '';
  beforeEach(() => {
    house = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-house-')));
    writeFileSync(join(house, 'package.json'), '{ "type": "module" }');
    for (const folder of ['cli', 'launch']) cpSync(join(TOOLS, folder), join(house, 'tools', folder), { recursive: true });
  });
  afterEach(() => rmSync(house, { recursive: true }));

  const millrace = (...words: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
    spawnSync(process.execPath, [join(house, 'tools/cli/millrace.mjs'), ...words], { cwd: tmpdir(), encoding: 'utf8' });

  it('runs the built program where it was typed, with what was typed, and ends as it does', () => {
    mkdirSync(join(house, 'dist/apps/cli'), { recursive: true });
    writeFileSync(join(house, 'dist/apps/cli/main.js'), PROGRAM);
    expect(millrace('check', '--json', 'a b')).toMatchObject({
      status: 5,
      stdout: `["check","--json","a b"] ${realpathSync(tmpdir())}\n`,
      stderr: '',
    });
  });

  it('also does so through the link that npm makes', () => {
    mkdirSync(join(house, 'dist/apps/cli'), { recursive: true });
    writeFileSync(join(house, 'dist/apps/cli/main.js'), PROGRAM);
    symlinkSync(join(house, 'tools/cli/millrace.mjs'), join(house, 'millrace'));
    const { status } = spawnSync(join(house, 'millrace'), ['version'], { encoding: 'utf8', env: { PATH: join(process.execPath, '..') } });
    expect(status).toBe(5);
  });

  it('says what to do when nothing is built', () => {
    expect(millrace('check')).toMatchObject({
      status: 7,
      stdout: '',
      stderr: `millrace: unavailable (cli.not_built)\n  The command is not built yet.\n  Next: run \`npm run build\` in ${house}/\n`,
    });
  });
});

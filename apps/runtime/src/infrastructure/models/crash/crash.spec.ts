import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { temporaryFolder, VirtualTime } from '@millrace/testing';
import { KeptLog } from '../../../application/testing/told';
import { ModelFolder } from '../model-folder';
import { handedVersion } from '../testing/handed-version';

// A busy machine may take its time.
jest.setTimeout(60_000);

const ROUNDS = [1, 3];

let folder: ReturnType<typeof temporaryFolder>;
let log: KeptLog;

beforeEach(() => {
  [folder, log] = [temporaryFolder(), new KeptLog()];
});

afterEach(() => folder[Symbol.dispose]());

const opened = () => new ModelFolder({ folder: folder.path, most: 1024 ** 3, clock: new VirtualTime(0), log });

/** Lets a process keep versions, and kills it while it writes the one that is this many lines on. Answers what it has named. */
async function killedAt(lines: number): Promise<readonly string[]> {
  const hooks = new URL('../../../../../../tools/jest/run-typescript.mjs', import.meta.url);
  const program = fileURLToPath(new URL('./process-to-kill.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', hooks.href, program, folder.path, String(lines)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const named: string[] = [];
  for await (const line of createInterface(child.stdout)) if (named.push(line) === lines) child.kill('SIGKILL');
  await ended;
  expect(child.signalCode).toBe('SIGKILL');
  return named;
}

describe('a folder of versions under kill -9', () => {
  it('has each version whole or not at all', async () => {
    for (const lines of ROUNDS) {
      const named = await killedAt(lines);
      const models = opened();
      const found = await Promise.all(named.map((digest) => models.find(`ws_${lines}`, digest)));
      await models.close();
      // What was written before the next one was named is there.
      expect(found.slice(0, lines - 1).every((version) => version !== undefined)).toBe(true);
      expect(readdirSync(join(folder.path, 'incoming'))).toEqual([]);
    }
    expect(log.lines).toEqual([]);
  });

  it('sweeps away what was half written', async () => {
    mkdirSync(join(folder.path, 'incoming'));
    writeFileSync(join(folder.path, 'incoming', 'half'), 'half');
    const models = opened();
    const { digest, files } = handedVersion('do: []');
    models.keep('ws_1', digest, files);
    await models.close();
    expect(readdirSync(join(folder.path, 'incoming'))).toEqual([]);
    expect(await models.find('ws_1', digest)).toBeDefined();
    await models.close();
  });
});

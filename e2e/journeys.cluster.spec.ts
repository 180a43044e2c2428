import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ClusterProcess } from '@millrace/testing';

jest.setTimeout(240_000);

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

let cluster: ClusterProcess;

beforeAll(async () => {
  cluster = await ClusterProcess.start();
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

/** Runs a journey in a jest of its own, which is told where to go and nothing else; resolves with its exit code and its words. */
async function journey(file: string): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, [...JEST, '--reporters=default', '--runTestsByPath', file], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...cluster.settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  await once(child, 'close');
  return { code: child.exitCode, said };
}

describe('a journey through two gateways, two runtimes, two events services and a workspaces service', () => {
  it.each(['e2e/hello.spec.ts', 'e2e/runs-api.spec.ts'])('is the same as through one process: %s', async (file) => {
    const { code, said } = await journey(file);
    expect(code === 0 ? '' : said).toBe('');
  });
});

describe('the processes of a cluster', () => {
  it('say of each server they stand on whether it answers', async () => {
    const answer = await fetch(`${cluster.member('workspaces-1').adminUrl}/readyz?verbose`);
    const { services } = (await answer.json()) as { services: { dependencies: { name: string; ok: boolean }[] }[] };
    expect(services[0]?.dependencies.map(({ name, ok }) => `${name}: ${ok}`).toSorted()).toEqual([
      'blob store: true',
      'document store: true',
      'event log: true',
      'key-value store: true',
      'wire: true',
    ]);
  });

  it('drain and end when they are asked to', async () => {
    expect(await cluster.stop()).toMatchObject({ code: 0, said: expect.not.stringMatching(/ended with/) });
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { KeysService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
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

/** What a gateway answers to a key, over the one connection of `door`. */
async function statusAt(url: string, door: Agent, key: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(url, { agent: door, headers: { 'millrace-api-key': key } }, resolve).on('error', reject);
  const answer = await promise;
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode ?? 0;
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

  it('refuse, at every gateway, a key that was revoked at one of them, within two seconds', async () => {
    const ada = await cluster.as('ada');
    const workspace = await ada.call(WorkspacesService.method.createWorkspace, { name: 'Keys' });
    const workspaceId = workspace['id'] ?? '';
    const made = await ada.call(KeysService.method.createKey, { workspaceId, name: 'ci', role: 'viewer' });
    // A connection goes to the next gateway and stays there: some of these are at each.
    const doors = Array.from({ length: 4 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    const ask = (door: Agent): Promise<number> => statusAt(`${cluster.url}/v1/me`, door, made['secret'] as string);
    expect(await Promise.all(doors.map(ask))).toEqual([200, 200, 200, 200]);
    await ada.call(KeysService.method.revokeKey, { workspaceId, keyId: (made['key'] as JsonMap)['id'] ?? '' });
    const deadline = Date.now() + 2_000;
    for (const door of doors) while ((await ask(door)) !== 401) expect(Date.now()).toBeLessThan(deadline);
    for (const door of doors) {
      expect(await ask(door)).toBe(401);
      door.destroy();
    }
  });

  it('drain and end when they are asked to', async () => {
    expect(await cluster.stop()).toMatchObject({ code: 0, said: expect.not.stringMatching(/ended with/) });
  });
});

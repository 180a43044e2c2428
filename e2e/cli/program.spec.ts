import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { millraceUnderTest, temporaryFolder, type MillraceUnderTest } from '@millrace/testing';

const MAIN = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url));

describe('the built program, in a process of its own', () => {
  const folder = temporaryFolder();
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let environment: NodeJS.ProcessEnv;

  const started = (...words: readonly string[]): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } =>
    spawn(process.execPath, [MAIN, ...words], { cwd: folder.path, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
    await ada.api.workspaces.createWorkspace({ name: 'Program', slug: 'program' });
    environment = {
      PATH: process.env['PATH'],
      XDG_CONFIG_HOME: folder.path,
      MILLRACE_URL: millrace.url,
      MILLRACE_TOKEN: await millrace.token('ada'),
      MILLRACE_WORKSPACE: 'program',
    };
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  it.each([
    [['workspaces', 'list', '-o', 'name'], 0],
    [['events', 'wait', '--type', 'bell.lost', '--timeout', '200ms'], 6],
    [['events', 'tail', '--where', 'payload.loud =='], 2],
    [['workspaces', 'show', 'nowhere'], 3],
  ])('asks the server that its environment names, and ends: %j', async (words, code) => {
    const child = started(...words);
    const [output, notes, closed] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
    expect({ closed, said: code === 0 ? output !== '' : notes !== '' }).toEqual({ closed: code, said: true });
  });

  it('shows events as they happen, until it is interrupted', async () => {
    const child = started('events', 'tail', '--type', 'bell.*');
    const seen = firstLine(child.stdout).then((line) => JSON.parse(line) as object);
    const rung = new AbortController();
    void seen.finally(() => rung.abort());
    // The subscription is in force when the first event of its kind arrives.
    while (!rung.signal.aborted) {
      await ada.api.events.emitEvents({ workspaceId: 'program', events: [{ type: 'bell.rung', payload: { loud: true } }] });
    }
    expect(await seen).toMatchObject({ type: 'bell.rung', payload: { loud: true } });
    const closed = ended(child);
    child.stdout.resume();
    child.kill('SIGINT');
    expect(await closed).toBe(130);
  });
});

/** The first line of a stream that writes whole lines. */
async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: readonly unknown[] = await once(stream, 'data');
  return String(chunks[0]).split('\n')[0] ?? '';
}

/** The exit code of a process that has ended. */
async function ended(child: ChildProcess): Promise<unknown> {
  const said: readonly unknown[] = await once(child, 'close');
  return said[0];
}

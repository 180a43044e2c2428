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

  it('asks the server that its environment names', async () => {
    const child = started('workspaces', 'list', '-o', 'name');
    const [output, notes, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    expect({ code: code as unknown, notes, names: output.trim().split('\n') }).toEqual({
      code: 0,
      notes: '',
      names: expect.arrayContaining(['program']),
    });
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
    const closed = once(child, 'close');
    child.stdout.resume();
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
  });
});

/** The first line of a stream that writes whole lines. */
async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: readonly unknown[] = await once(stream, 'data');
  return String(chunks[0]).split('\n')[0] ?? '';
}

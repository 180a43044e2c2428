import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { EventsService, LiveService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { passwordToken, signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { io } from 'socket.io-client';

const PASSWORD = 'a-password-for-tests';
const TYPES = ['kept.*'];

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
/** The log itself; the mark beside it, which says how far it had come, is no part of it. */
const isOfLog = (name: string): boolean => /^log\.db(?:-wal|-shm)?$/.test(name);

/** How somebody was told that there is a gap, in each of the ways to follow. */
interface Told {
  readonly socket: JsonMap;
  readonly stream: string;
  readonly poll: JsonMap;
}

describe('who goes on in a log that is not what it was', () => {
  const data = temporaryFolder();
  const backup = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let id: string;
  let authorization: string;

  const start = async (): Promise<void> => {
    const before = millrace as StandaloneProcess | undefined;
    millrace = await startStandaloneProcess({
      folder: data.path,
      password: PASSWORD,
      ...(before === undefined ? {} : { ports: before.ports }),
    });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    authorization = `Bearer ${await passwordToken(`${millrace.url}/realms/millrace`, 'ada', PASSWORD)}`;
  };
  const copy = (from: string, to: string): void => {
    for (const name of readdirSync(to).filter(isOfLog)) rmSync(join(to, name));
    for (const name of readdirSync(from).filter(isOfLog)) copyFileSync(join(from, name), join(to, name));
  };

  beforeAll(async () => {
    await start();
    id = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'Positions' }))['id']);
  });

  afterAll(async () => {
    await millrace.stop();
    data[Symbol.dispose]();
    backup[Symbol.dispose]();
  });

  const say = (count: number) =>
    ada.call(EventsService.method.emitEvents, { workspaceId: id, events: Array.from({ length: count }, () => ({ type: 'kept.one' })) });
  const position = async (): Promise<string> =>
    textOf((await ada.call(LiveService.method.pollEvents, { workspaceId: id, types: TYPES, wait: 0 }))['next']);

  const bySocket = async (since: string): Promise<JsonMap> => {
    const socket = io(`${millrace.url}/v1/workspaces/${id}/events`, {
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { authorization },
    });
    const answer = (await socket.emitWithAck('subscribe', { id: 'a', types: TYPES, since })) as JsonMap;
    socket.disconnect();
    return answer;
  };
  const byStream = async (since: string): Promise<string> => {
    const answer = await fetch(`${millrace.url}/v1/workspaces/${id}/events:stream?types=kept.*`, {
      headers: { authorization, 'last-event-id': since },
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!/event: (?:gap|caught-up)\n[^]*\n\n/.test(text)) text += (await reader?.read())?.value ?? '';
    await reader?.cancel();
    return text;
  };
  const told = async (since: string): Promise<Told> => ({
    socket: await bySocket(since),
    stream: await byStream(since),
    poll: await ada.call(LiveService.method.pollEvents, { workspaceId: id, types: TYPES, wait: 0, since }),
  });
  const gap = (reason: string) => ({
    socket: expect.objectContaining({ recovered: false, reason }),
    stream: expect.stringContaining(`event: gap\n`),
    poll: expect.objectContaining({ recovered: false, reason }),
  });

  it('is recovered where it is the same', async () => {
    const since = await position();
    await say(3);
    const { socket, stream, poll } = await told(since);
    expect([socket, poll]).toEqual([expect.objectContaining({ recovered: true }), expect.objectContaining({ recovered: true })]);
    expect(stream).not.toContain('event: gap');
    expect(poll['events']).toHaveLength(3);
  });

  it('is told of another epoch when a copy was put in its place that lacks what they have seen', async () => {
    await millrace.stop();
    copy(data.path, backup.path);
    await start();
    await say(5);
    const seen = await position();
    await millrace.stop();
    copy(backup.path, data.path);
    await start();
    expect(await told(seen)).toEqual(gap('epoch'));
    const after = await position();
    expect(after.split('-')[0]).not.toBe(seen.split('-')[0]);
    await say(1);
    expect(await told(after)).toMatchObject({ socket: { recovered: true }, poll: { recovered: true } });
  });

  it('is told of another epoch, too, for a position further than this log has come', async () => {
    const here = await position();
    const beyond = `${here.slice(0, here.lastIndexOf('-'))}-${Number(here.slice(here.lastIndexOf('-') + 1)) + 1_000_000}`;
    expect(await told(beyond)).toEqual(gap('epoch'));
  });

  it('is told of another epoch when the log is gone altogether', async () => {
    const seen = await position();
    await millrace.stop();
    for (const name of readdirSync(data.path).filter(isOfLog)) rmSync(join(data.path, name));
    await start();
    expect(await told(seen)).toEqual(gap('epoch'));
    await say(1);
    expect(await told(await position())).toMatchObject({ socket: { recovered: true }, poll: { recovered: true } });
  });
});

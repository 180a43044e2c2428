import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { EventsService, KeysService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { io, type Socket } from 'socket.io-client';

const PASSWORD = 'a-password-for-tests';
/** Milliseconds for which a key lives that shall end while it is in use. */
const BRIEF = 3_000;

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

describe('a connection and what it came with', () => {
  const folder = temporaryFolder();
  const sockets: Socket[] = [];
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let id: string;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    id = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'Brief' }))['id']);
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.disconnect();
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const key = async (life: number): Promise<JsonMap> => {
    const expiresAt = new Date(Date.now() + life).toISOString();
    return ada.call(KeysService.method.createKey, { workspaceId: id, name: 'brief', role: 'owner', expiresAt });
  };

  /** What a socket is told until its connection ends; one that comes with its key in the header of the first request. */
  const told = async (secret: string) => {
    const socket = io(`${millrace.url}/v1/workspaces/${id}/events`, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders: { 'millrace-api-key': secret } },
    });
    sockets.push(socket);
    const names: string[] = [];
    socket.onAny((name: string, { code }: { readonly code?: string } = {}) => names.push(code ?? name));
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
    return { names, ended, subscribe: (type: string): Promise<unknown> => socket.emitWithAck('subscribe', { id: 'a', types: [type] }) };
  };

  it('ends with the key that was in the header of the first request, as a stream does', async () => {
    const secret = textOf((await key(BRIEF))['secret']);
    const stream = await fetch(`${millrace.url}/v1/workspaces/${id}/events:stream?types=nothing`, {
      headers: { 'millrace-api-key': secret },
    });
    const socket = await told(secret);
    const [text] = await Promise.all([stream.text(), socket.ended]);
    expect(socket.names).toEqual(['auth.expiring', 'events.sign_in_over']);
    expect([...text.matchAll(/^event: (\S+)$/gm)].map(([, name]) => name)).toEqual(['auth.expiring', 'problem']);
    expect(text).toContain('"code":"events.sign_in_over"');
  });

  it('ends before anything that comes after its rights were taken away, within five seconds of that', async () => {
    const { key: made, secret } = await key(86_400_000);
    const socket = await told(textOf(secret));
    await socket.subscribe('after.*');
    const keyId = textOf((made as JsonMap)['id']);
    await ada.call(EventsService.method.emitEvents, { workspaceId: id, events: [{ type: 'after.before', payload: {} }] });
    await ada.call(KeysService.method.revokeKey, { workspaceId: id, keyId });
    await ada.call(EventsService.method.emitEvents, { workspaceId: id, events: [{ type: 'after.that', payload: {} }] });
    await socket.ended;
    expect(socket.names).toEqual(['event', 'events.signed_out']);
    const metrics = await (await fetch(`${millrace.adminUrl}/metrics`)).text();
    const counted = (line: string): number =>
      Number(new RegExp(`^millrace_live_revocation_seconds_${line} (\\d+)$`, 'm').exec(metrics)?.[1]);
    expect(counted('count\\{service="events"\\}')).toBe(1);
    expect(counted('bucket\\{le="5",service="events"\\}')).toBe(1);
  });

  it('ends when its key gets a new secret, which opens another one', async () => {
    const { key: made, secret } = await key(86_400_000);
    const socket = await told(textOf(secret));
    const keyId = textOf((made as JsonMap)['id']);
    const rotated = await ada.call(KeysService.method.rotateKey, { workspaceId: id, keyId });
    await socket.ended;
    expect(socket.names).toEqual(['events.key_rotated']);
    expect(textOf(rotated['secret'])).not.toBe(secret);
  });
});

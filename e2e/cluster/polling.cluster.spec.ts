import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { EventsService, WorkspacesService } from '@millrace/contracts';
import type { Json } from '@millrace/kernel';
import { ClusterProcess, passwordToken } from '@millrace/testing';
import { io, type Socket } from 'socket.io-client';

const CLIENTS = 12;
const EVENTS = 60;

let cluster: ClusterProcess;
let ada: MillraceClient;
let id: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  cluster = await ClusterProcess.start();
  ada = await cluster.as('ada');
  const workspace = await ada.call(WorkspacesService.method.createWorkspace, { name: 'Polling' });
  id = workspace['id'] as string;
});

afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await cluster[Symbol.asyncDispose]();
});

interface Poller {
  readonly seen: readonly Json[];
  readonly trouble: readonly string[];
  until(count: number): Promise<void>;
}

/** A plain socket.io client that only polls, with a connection of its own for every request: each may reach another gateway. */
async function poller(token: string): Promise<Poller> {
  const socket = io(`${cluster.url}/v1/workspaces/${id}/events`, {
    transports: ['polling'],
    forceNew: true,
    reconnection: false,
    agent: new Agent({ keepAlive: false }) as unknown as string,
    auth: { token },
  });
  sockets.push(socket);
  const [seen, trouble]: [Json[], string[]] = [[], []];
  let wake = (): void => undefined;
  for (const name of ['connect_error', 'disconnect']) {
    socket.on(name, (reason: unknown) => {
      trouble.push(`${name}: ${String(reason)}`);
      wake();
    });
  }
  socket.on('event', ({ event }: { readonly event: { readonly payload: { readonly n: number } } }) => {
    seen.push(event.payload.n);
    wake();
  });
  const subscribed = (await socket.emitWithAck('subscribe', { id: 'all', types: ['counted'] })) as Json;
  expect(subscribed).toMatchObject({ position: expect.any(String) });
  const until = async (count: number): Promise<void> => {
    while (seen.length < count && trouble.length === 0) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { seen, trouble, until };
}

describe('clients that poll, with two gateways and two events services behind one address', () => {
  it('see every event once, in order, and their session is known everywhere', async () => {
    const { MILLRACE_ISSUER_URL: issuer = '', MILLRACE_FIRST_PASSWORD: password = '' } = cluster.settings;
    const token = await passwordToken(issuer, 'ada', password);
    const pollers = await Promise.all(Array.from({ length: CLIENTS }, () => poller(token)));
    const numbers = Array.from({ length: EVENTS }, (_, n) => n);
    for (const n of numbers) {
      await ada.call(EventsService.method.emitEvents, { workspaceId: id, events: [{ type: 'counted', payload: { n }, key: 'one' }] });
    }
    await Promise.all(pollers.map((each) => each.until(EVENTS)));
    for (const { seen, trouble } of pollers) {
      expect(trouble).toEqual([]);
      expect(seen).toEqual(numbers);
    }
  });
});

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { type EventFeed } from '@millrace/client';
import { EventsService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { EventsSeen, signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const feeds: EventFeed[] = [];

afterEach(() => {
  for (const feed of feeds.splice(0)) feed.stop();
});

async function watch(client: MillraceClient, workspace: string, types: string[]): Promise<EventsSeen> {
  const seen = new EventsSeen();
  const feed = client.events(workspace, { types });
  feeds.push(feed);
  await feed.start(seen.take);
  return seen;
}

const GREET = `
when: { endpoint: { path: greet, methods: [post] } }
do:
  - emit: { event: hello.said, payload: { name: '{{body.name}}' } }
output: 'Hello, {{body.name}}!'
`;

describe('a process that is stopped and started', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  it('ends well, and has its events and its automations afterwards', async () => {
    const before = await signedIn(millrace.url, 'ada', PASSWORD);
    const workspaceId = textOf((await before.call(WorkspacesService.method.createWorkspace, { name: 'Kept' }))['id']);
    await before.call(WorkspacesService.method.putAutomation, { workspaceId, slug: 'greet', source: GREET });
    await before.call(WorkspacesService.method.publishVersion, { workspaceId });
    const greet = async (client: MillraceClient, name: string): Promise<string> => {
      const answer = await client.fetch(`/v1/workspaces/${workspaceId}/webhooks/greet`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      });
      return answer.text();
    };
    const seen = await watch(before, workspaceId, ['hello.said']);
    await greet(before, 'Grace');
    await seen.until(({ payload }) => (payload as JsonMap)['name'] === 'Grace');
    expect(await millrace.stop()).toBe(0);
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, ports: millrace.ports });
    const after = await signedIn(millrace.url, 'ada', PASSWORD);
    const { items = [] } = await after.call(EventsService.method.searchEvents, { workspaceId, types: ['hello.said'] });
    expect((items as unknown as JsonMap[]).map(({ payload }) => payload)).toEqual([{ name: 'Grace' }]);
    expect(await greet(after, 'again')).toBe('Hello, again!');
  });
});

describe('a process killed right after it said yes', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let outside: Server;
  const keys: string[] = [];

  beforeAll(async () => {
    outside = createServer((request, response) => {
      keys.push(String(request.headers['idempotency-key']));
      response.setHeader('content-type', 'application/json').end('{"ok":true}');
    }).listen(0, '127.0.0.1');
    await once(outside, 'listening');
  });

  afterAll(async () => {
    await millrace.stop();
    outside.close();
    folder[Symbol.dispose]();
  });

  it('has the events afterwards, their automation has told each result once, and a socket missed nothing', async () => {
    const address = outside.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const options = { folder: folder.path, password: PASSWORD, environment: { MILLRACE_FETCH_ALLOW: '127.0.0.1' } };
    millrace = await startStandaloneProcess(options);
    const before = await signedIn(millrace.url, 'ada', PASSWORD);
    const killed = await before.call(WorkspacesService.method.createWorkspace, { name: 'Killed' });
    const workspaceId = textOf(killed['id']);
    const reaction = `
when: { events: [orders.placed] }
do:
  - fetch: { url: 'http://127.0.0.1:${port}/', method: post, body: { order: '{{payload.order}}' }, output: answer }
  - emit: { event: orders.booked, payload: { order: '{{payload.order}}', ok: '{{answer.ok}}' } }
output: done
`;
    await before.call(WorkspacesService.method.putAutomation, { workspaceId, slug: 'book', source: reaction });
    await before.call(WorkspacesService.method.publishVersion, { workspaceId });
    const orders = Array.from({ length: 20 }, (_, order) => order);
    const seen = await watch(before, workspaceId, ['orders.booked']);
    await Promise.all(
      orders.map((order) =>
        before.call(EventsService.method.emitEvents, { workspaceId, events: [{ type: 'orders.placed', payload: { order } }] }),
      ),
    );
    await millrace.kill();

    millrace = await startStandaloneProcess({ ...options, ports: millrace.ports });
    for (const order of orders) await seen.until(({ payload }) => (payload as JsonMap)['order'] === order);
    expect(seen.events).toHaveLength(orders.length);
    const after = await signedIn(millrace.url, 'ada', PASSWORD);
    const found = async (type: string): Promise<unknown[]> => {
      const answer = await after.call(EventsService.method.searchEvents, { workspaceId, types: [type], limit: 200 });
      return (answer['items'] as unknown as JsonMap[])
        .map(({ payload }) => (payload as JsonMap)['order'])
        .sort((a, b) => Number(a) - Number(b));
    };
    expect(await found('orders.placed')).toEqual(orders);
    expect(await found('orders.booked')).toEqual(orders);
    expect(new Set(keys).size).toBe(orders.length);
  });
});

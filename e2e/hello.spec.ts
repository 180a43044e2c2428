import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MillraceClient, type EventFeed } from '@millrace/client';
import { EventsService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { EventsSeen, signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

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

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const PASSWORD = 'a-password-for-tests';
const source = (slug: string): string =>
  readFileSync(fileURLToPath(new URL(`../examples/hello/automations/${slug}.yaml`, import.meta.url)), 'utf8');

describe('the hello example', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let id: string;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    const workspace = await ada.call(WorkspacesService.method.createWorkspace, { name: 'Hello' });
    id = textOf(workspace['id']);
    for (const slug of ['greet', 'check']) {
      await ada.call(WorkspacesService.method.putAutomation, { workspaceId: id, slug, source: source(slug) });
    }
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId: id, message: 'first' });
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const greet = (client: MillraceClient, name: string): Promise<Response> =>
    client.fetch(`/v1/workspaces/${id}/webhooks/greet`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });

  const search = async (types: string[]): Promise<JsonMap[]> => {
    const answer = await ada.call(EventsService.method.searchEvents, { workspaceId: id, types, sort: 'oldest' });
    return (answer['items'] ?? []) as unknown as JsonMap[];
  };

  it('answers the call, and both events arrive on a socket in order', async () => {
    const seen = await watch(ada, id, ['hello.*']);
    const response = await greet(new MillraceClient({ url: millrace.url }), 'Ada');
    expect([response.status, await response.json()]).toEqual([200, { message: 'Hello, Ada!' }]);
    const answered = await seen.until(({ type }) => type === 'hello.answered');
    expect(seen.types()).toEqual(['hello.said', 'hello.answered']);
    expect(answered['payload']).toEqual({ name: 'Ada', status: 200 });
    expect(answered['causationId']).toBe(seen.events[0]?.['id']);
    expect(answered['correlationId']).toBe(seen.events[0]?.['correlationId']);
  });

  it('keeps the events: search finds them, also after a restart', async () => {
    const seen = await watch(ada, id, ['hello.answered']);
    await greet(ada, 'Grace');
    await seen.until(({ payload }) => (payload as JsonMap)['name'] === 'Grace');
    expect(await millrace.stop()).toBe(0);
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, ports: millrace.ports });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    const said = (await search(['hello.said'])).map(({ payload }) => (payload as JsonMap)['name']);
    expect(said).toEqual(['Ada', 'Grace']);
    expect(await (await greet(ada, 'again')).json()).toEqual({ message: 'Hello, again!' });
  });

  it('refuses an automation with a mistake, names the place, and the one before stays in force', async () => {
    const broken = source('greet').replace('output:', 'ouput:');
    const line = broken.split('\n').findIndex((text) => text.startsWith('ouput')) + 1;
    await expect(
      ada.call(WorkspacesService.method.putAutomation, { workspaceId: id, slug: 'greet', source: broken, ifMatch: '*' }),
    ).rejects.toMatchObject({
      status: 422,
      code: 'workspaces.document_invalid',
      message: expect.stringMatching(new RegExp(`greet\\.yaml:${line}:1: .*output`)),
    });
    expect(await (await greet(ada, 'Ada')).json()).toEqual({ message: 'Hello, Ada!' });
  });

  it('keeps a stranger out without telling that there is anything', async () => {
    const bob = await signedIn(millrace.url, 'bob', PASSWORD);
    for (const method of [
      WorkspacesService.method.getWorkspace,
      WorkspacesService.method.listAutomations,
      EventsService.method.listEvents,
    ]) {
      await expect(bob.call(method, { workspaceId: id })).rejects.toMatchObject({ status: 404, code: 'workspaces.not_found' });
    }
    await expect(bob.events(id, {}).start(() => undefined)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await expect(
      new MillraceClient({ url: millrace.url }).call(WorkspacesService.method.getWorkspace, { workspaceId: id }),
    ).rejects.toMatchObject({ status: 401 });
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

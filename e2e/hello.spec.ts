import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MillraceClient, type EventFeed } from '@millrace/client';
import { EventsService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { EventsSeen, millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';

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
const source = (slug: string): string =>
  readFileSync(fileURLToPath(new URL(`../examples/hello/automations/${slug}.yaml`, import.meta.url)), 'utf8');

describe('the hello example', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let id: string;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
    const workspace = await ada.call(WorkspacesService.method.createWorkspace, { name: 'Hello' });
    id = textOf(workspace['id']);
    for (const slug of ['greet', 'check']) {
      await ada.call(WorkspacesService.method.putAutomation, { workspaceId: id, slug, source: source(slug) });
    }
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId: id, message: 'first' });
  });

  afterAll(async () => {
    await millrace.stop();
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

  it('keeps the events: search finds them', async () => {
    const seen = await watch(ada, id, ['hello.answered']);
    await greet(ada, 'Grace');
    await seen.until(({ payload }) => (payload as JsonMap)['name'] === 'Grace');
    // The history follows the log: it may be a moment behind what a socket has told.
    let said: readonly JsonMap[] = [];
    for (let tries = 0; tries < 100 && said.length < 2; tries += 1) said = await search(['hello.said']);
    expect(said.map(({ payload }) => (payload as JsonMap)['name'])).toEqual(['Ada', 'Grace']);
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
    const bob = await millrace.as('bob');
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

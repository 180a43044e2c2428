import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { ConfigService, ContextsService, EventsService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const { createAutomation, createWorkspace, publishVersion } = WorkspacesService.method;
const { getConfig, setConfig } = ConfigService.method;
const { deleteContext, getContext } = ContextsService.method;

const endpoint = (path: string, body: string): string => `when: { endpoint: { path: ${path}, access: public } }\n${body}`;
const AUTOMATIONS = {
  open: endpoint('open', "do: [{ set: { name: config.rooms, type: increment } }]\noutput: 'now {{config.rooms}}'\n"),
  show: endpoint('show', "do: []\noutput: '{{config.town}} {{config.rooms}}'\n"),
  spoil: endpoint(
    'spoil',
    `do:
  - try:
      do: [{ set: { name: config.rooms, value: many } }]
      catch: [{ set: { name: caught, value: '{{$error.code}}' } }]
output: '{{caught}}'
`,
  ),
};
const SCHEMA = { properties: { rooms: { type: 'integer' }, town: { type: 'string' } } };

describe('a configuration that an automation writes', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    await ada.call(createWorkspace, { name: 'Hotel' });
    for (const [slug, source] of Object.entries(AUTOMATIONS)) await ada.call(createAutomation, { workspaceId: 'hotel', slug, source });
    await declare({ rooms: 12, town: 'Lac' });
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const declare = async (value: Readonly<Record<string, string | number>>): Promise<void> => {
    await ada.call(setConfig, { workspaceId: 'hotel', schema: SCHEMA, value, ifMatch: '*' });
    await ada.call(publishVersion, { workspaceId: 'hotel' });
  };
  const answerOf = async (path: string): Promise<string> => (await fetch(`${millrace.url}/e/hotel/${path}`, { method: 'POST' })).text();
  const until = async (path: string, wanted: string): Promise<string> => {
    let answer = await answerOf(path);
    for (const deadline = Date.now() + 20_000; answer !== wanted && Date.now() < deadline;) answer = await answerOf(path);
    return answer;
  };

  it('is in force at once, for every run, counted from what the version declares', async () => {
    expect(await until('show', 'Lac 12')).toBe('Lac 12');
    expect([await answerOf('open'), await answerOf('open'), await answerOf('show')]).toEqual(['now 13', 'now 14', 'Lac 14']);
    expect(await ada.call(getConfig, { workspaceId: 'hotel' })).toMatchObject({
      value: { rooms: 12, town: 'Lac' },
      written: { rooms: { value: 14, over: '12' } },
    });
  });

  it('is what its schema allows: the automation may catch that it is not', async () => {
    expect([await answerOf('spoil'), await answerOf('show')]).toEqual(['language.arguments_invalid', 'Lac 14']);
  });

  it('is told of with who wrote it', async () => {
    const asked = { workspaceId: 'hotel', types: ['workspaces.configured'], where: 'payload.run exists', sort: 'oldest' };
    const search = async () => (await ada.call(EventsService.method.searchEvents, asked))['items'] as unknown as readonly JsonMap[];
    let told = await search();
    for (const deadline = Date.now() + 20_000; told.length < 2 && Date.now() < deadline;) told = await search();
    expect(told).toMatchObject([
      { actor: { kind: 'automation', id: 'open' }, payload: { changed: ['rooms'] } },
      { actor: { kind: 'automation', id: 'open' }, payload: { changed: ['rooms'] } },
    ]);
  });

  it('gives way to what people publish later, and comes back with what was declared', async () => {
    await declare({ rooms: 40, town: 'Lac' });
    expect(await until('show', 'Lac 40')).toBe('Lac 40');
    expect(await answerOf('open')).toBe('now 41');
  });

  it('is shown and taken back among the contexts', async () => {
    const name = { workspaceId: 'hotel', kind: 'config', owner: '-' };
    const { etag, value } = await ada.call(getContext, name);
    expect(value).toEqual({ rooms: 41, town: 'Lac' });
    await ada.call(deleteContext, { ...name, ifMatch: etag as string });
    expect(await answerOf('show')).toBe('Lac 40');
    await expect(ada.call(getContext, name)).rejects.toMatchObject({ status: 404, code: 'runtime.context_not_found' });
  });
});

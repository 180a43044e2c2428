import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { LifeService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const { createWorkspace, deleteWorkspace, updateWorkspace } = WorkspacesService.method;

describe('a listed workspace', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let bob: MillraceClient;
  let hotel: string;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    [ada, bob] = [await signedIn(millrace.url, 'ada', PASSWORD), await signedIn(millrace.url, 'bob', PASSWORD)];
    hotel = await make('Hotel');
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  async function make(name: string): Promise<string> {
    return (await ada.call(createWorkspace, { name, description: `The ${name}` }))['id'] as string;
  }

  const list = (workspaceId: string, listed: boolean) => ada.call(updateWorkspace, { workspaceId, settings: { listed }, ifMatch: '*' });
  const found = async (query = '', who = bob): Promise<JsonMap> =>
    (await (await who.fetch(`/v1/workspaces?listed=true${query}`)).json()) as JsonMap;
  const slugs = async (query?: string) => (await found(query))['items'] as unknown as readonly JsonMap[];
  const named = async (query?: string) => (await slugs(query)).map(({ slug }) => slug);

  it('is found by everybody who is signed in, with what describes it and nothing else; the rest stays as closed as it was', async () => {
    const picture = { method: 'POST', headers: { 'content-type': 'image/png' }, body: Buffer.from(PICTURE, 'base64') };
    const uploaded = await ada.fetch(`/v1/workspaces/${hotel}/files?name=photo.png&visibility=public`, picture);
    const { id: photo } = (await uploaded.json()) as { id: string };
    const said = {
      photo,
      labels: { items: ['lake'] },
      names: { texts: { fr: 'Hôtel' } },
      settings: { listed: true, egress: ['api.test'] },
    };
    expect(await named()).toEqual([]);
    await ada.call(updateWorkspace, { workspaceId: hotel, ...said, ifMatch: '*' });
    const empty = { names: {}, descriptions: {}, freezes: [] };
    expect(await found()).toEqual({
      items: [{ id: hotel, slug: 'hotel', name: 'Hotel', description: 'The Hotel', photo, labels: ['lake'], ...empty }],
    });
    expect((await found('', ada))['items']).toEqual((await found())['items']);
    expect((await fetch(`${millrace.url}/v1/workspaces/${hotel}/files/${photo}/content`)).status).toBe(200);
    expect((await fetch(`${millrace.url}/v1/workspaces?listed=true`)).status).toBe(401);
    for (const path of [
      'hotel',
      hotel,
      'hotel/versions',
      'hotel/automations',
      'hotel/members',
      'hotel/config',
      'hotel/files',
      'hotel/events',
    ]) {
      const [there, nowhere] = [path, path.replace(/^[^/]+/, 'no-such-place')].map((each) => bob.fetch(`/v1/workspaces/${each}`));
      expect([path, (await there)?.status]).toEqual([path, (await nowhere)?.status]);
      expect([path, (await there)?.status]).toEqual([path, 404]);
    }
    expect(await (await bob.fetch('/v1/workspaces')).json()).toEqual({ items: [] });
  });

  it('is found page by page, by a filter, in an order', async () => {
    for (const name of ['Inn', 'Lodge']) await list(await make(name), true);
    const first = await found('&limit=2');
    expect((first['items'] as unknown as readonly JsonMap[]).map(({ slug }) => slug)).toEqual(['lodge', 'inn']);
    expect(await named(`&limit=2&cursor=${encodeURIComponent(first['nextCursor'] as string)}`)).toEqual(['hotel']);
    expect(await named(`&where=${encodeURIComponent("labels = 'lake'")}`)).toEqual(['hotel']);
    expect(await named('&sort=name')).toEqual(['hotel', 'inn', 'lodge']);
    expect(await named(`&where=${encodeURIComponent('createdAt exists or state exists')}`)).toEqual([]);
  });

  it('is found no more once it is suspended, says so no longer, or is gone; nor is its copy', async () => {
    const motel = await make('Motel');
    await list(motel, true);
    const isFound = async (): Promise<boolean> => (await named()).includes('motel');
    const suspend = (suspended: boolean) => ada.call(LifeService.method.suspendWorkspace, { workspaceId: motel, suspended });
    expect(await isFound()).toBe(true);
    await suspend(true);
    expect(await isFound()).toBe(false);
    await suspend(false);
    expect(await isFound()).toBe(true);
    await ada.call(LifeService.method.duplicateWorkspace, { workspaceId: motel, name: 'Copy' });
    expect(await named()).not.toContain('copy');
    await list(motel, false);
    expect(await isFound()).toBe(false);
    await list(motel, true);
    await ada.call(deleteWorkspace, { workspaceId: motel, ifMatch: '*' });
    expect(await isFound()).toBe(false);
  });
});

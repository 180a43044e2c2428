import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { AppsService, DraftsService, InstancesService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const { createWorkspace, publishVersion } = WorkspacesService.method;
const { consentInstance, getInstance, installApp } = InstancesService.method;
const PASSWORD = 'a-password-for-tests';

const CRM = { 'workspace.yaml': 'name: Crm\n', 'automations/greet.yaml': 'do: []\noutput: Hello from the app\n' };
const HOTEL = {
  'workspace.yaml': 'name: Hotel\n',
  'automations/greet.yaml':
    'when: { endpoint: { path: greet, access: public } }\ndo:\n  - crm.greet: { output: said }\noutput: { said: "{{said}}" }\n',
};

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

describe('a workspace that moves to another installation', () => {
  const folders = [temporaryFolder(), temporaryFolder()];
  let platforms: readonly StandaloneProcess[];
  let here: MillraceClient;
  let there: MillraceClient;

  beforeAll(async () => {
    platforms = await Promise.all(folders.map(({ path: folder }) => startStandaloneProcess({ folder, password: PASSWORD })));
    [here, there] = (await Promise.all(platforms.map(({ url }) => signedIn(url, 'ada', PASSWORD)))) as [MillraceClient, MillraceClient];
  });

  afterAll(async () => {
    await Promise.all(platforms.map((platform) => platform.stop()));
    for (const folder of folders) folder[Symbol.dispose]();
  });

  const offer = async (client: MillraceClient, workspaceId: string): Promise<string> => {
    await client.call(publishVersion, { workspaceId });
    const version = await client.call(AppsService.method.publishApp, { workspaceId, number: '1.0.0' });
    return textOf((version['permissions'] as JsonMap)['digest']);
  };

  const made = async (slug: string, files: Record<string, string>): Promise<void> => {
    await here.call(createWorkspace, { name: slug, slug });
    await here.call(DraftsService.method.applyDraft, { workspaceId: slug, files, ifMatch: '*', prefer: 'handling=lenient' });
  };

  const exported = async (client: MillraceClient, query: string): Promise<Response> =>
    client.fetch(`/v1/workspaces/hotel/versions/1:export?${query}`);

  const taken = async (archive: Uint8Array<ArrayBuffer>, query: string): Promise<JsonMap> => {
    const answer = await there.fetch(`/v1/workspaces:import?${query}`, { method: 'POST', body: archive });
    expect(answer.status).toBe(201);
    return (await answer.json()) as JsonMap;
  };

  const greeting = async (url: string): Promise<unknown> => (await fetch(`${url}/e/hotel/greet`, { method: 'POST' })).json();

  it('says what it needs, runs there once that is brought along and consented to, and is the same bytes', async () => {
    await made('crm', CRM);
    const consent = await offer(here, 'crm');
    await made('hotel', HOTEL);
    await here.call(installApp, { workspaceId: 'hotel', app: 'crm', consent });
    await here.call(publishVersion, { workspaceId: 'hotel' });
    const archive = new Uint8Array(await (await exported(here, 'format=tar.gz&apps=true')).arrayBuffer());

    const { report, problems } = await taken(archive, 'slug=hotel');
    expect(report).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          file: 'apps/crm@1.0.0/',
          outcome: 'refused',
          reason: expect.stringContaining('app=crm@1.0.0') as unknown,
        }),
      ]),
    );
    expect(JSON.stringify(problems)).toContain('Nobody has consented');
    await expect(there.call(publishVersion, { workspaceId: 'hotel' })).rejects.toMatchObject({ status: 422 });

    expect(await taken(archive, 'app=crm@1.0.0')).toMatchObject({ workspace: { slug: 'crm', name: 'Crm' }, report: expect.any(Array) });
    await offer(there, 'crm');
    const at = { workspaceId: 'hotel', instance: 'crm' };
    const { permissions } = (await there.call(getInstance, at)) as { permissions: JsonMap };
    await expect(there.call(consentInstance, { ...at, consent: 'another' })).rejects.toMatchObject({ status: 409 });
    await there.call(consentInstance, { ...at, consent: textOf(permissions['digest']) });
    await there.call(publishVersion, { workspaceId: 'hotel' });

    const again = Buffer.from(await (await exported(there, 'apps=true&format=tar.gz')).arrayBuffer());
    expect(again.equals(archive)).toBe(true);
    const [, { url } = { url: '' }] = platforms;
    expect(await greeting(url)).toEqual({ said: 'Hello from the app' });
  });

  it('is told what may be said of an export and an import', async () => {
    for (const [query, pointer] of [
      ['apps=yes', '/apps'],
      ['apps=true&apps=true', '/apps'],
      ['format=zip&format=zip', '/format'],
      ['keepIds=true', '/keepIds'],
    ] as const) {
      const answer = await exported(here, query);
      expect([answer.status, ((await answer.json()) as { errors: JsonMap[] }).errors[0]?.['pointer']]).toEqual([400, pointer]);
    }
    for (const [app, status] of [
      ['crm', 400],
      ['crm@1.0.0', 422],
    ] as const) {
      const archive = new Uint8Array(await (await exported(here, 'format=zip')).arrayBuffer());
      expect((await there.fetch(`/v1/workspaces:import?app=${app}`, { method: 'POST', body: archive })).status).toBe(status);
    }
  });
});

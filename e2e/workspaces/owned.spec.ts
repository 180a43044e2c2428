import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { AppsService, DraftsService, LifeService, MembersService, PlatformService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { pack } from 'tar-stream';

const PASSWORD = 'a-password-for-tests';
const { createWorkspace, deleteWorkspace, publishVersion } = WorkspacesService.method;
const { duplicateWorkspace, restoreWorkspace } = LifeService.method;
const { listAllWorkspaces } = PlatformService.method;

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

async function archived(): Promise<Uint8Array<ArrayBuffer>> {
  const tar = pack();
  tar.entry({ name: 'workspace.yaml' }, 'name: Taken\n');
  tar.finalize();
  return new Uint8Array(gzipSync(Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Uint8Array>))));
}

describe('workspaces, of which operators say who makes them and how many', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  /** An admin of the platform. */
  let ada: MillraceClient;
  let bob: MillraceClient;

  const start = async (environment: Readonly<Record<string, string>>): Promise<void> => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, environment });
    [ada, bob] = [await signedIn(millrace.url, 'ada', PASSWORD), await signedIn(millrace.url, 'bob', PASSWORD)];
  };
  const restart = async (environment: Readonly<Record<string, string>>): Promise<void> => {
    await millrace.stop();
    await start(environment);
  };

  beforeAll(async () => {
    await start({ MILLRACE_WORKSPACES_OWNED: '2' });
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const create = async (name: string, who = bob): Promise<string> => textOf((await who.call(createWorkspace, { name }))['id']);
  const taken = async (who = bob): Promise<{ readonly status: number; readonly body: JsonMap }> => {
    const answer = await who.fetch('/v1/workspaces:import', { method: 'POST', body: await archived() });
    return { status: answer.status, body: (await answer.json()) as JsonMap };
  };
  const slugsIn = (answer: JsonMap): readonly string[] => (answer['items'] as JsonMap[]).map(({ slug }) => textOf(slug));

  it('end for a person at so many, made, copied or imported, and are told what to do', async () => {
    const full = {
      status: 429,
      code: 'workspaces.quota_reached',
      message: expect.stringContaining('at most 2 workspaces. Delete one first'),
    };
    const [first, second] = [await create('First'), await create('Second')];
    await expect(create('Third')).rejects.toMatchObject(full);
    await expect(bob.call(duplicateWorkspace, { workspaceId: first, name: 'Copy' })).rejects.toMatchObject(full);
    expect(await taken()).toMatchObject({ status: 429, body: { code: 'workspaces.quota_reached' } });
    await bob.call(deleteWorkspace, { workspaceId: second, ifMatch: '*' });
    expect(await taken()).toMatchObject({ status: 201 });
    await expect(bob.call(restoreWorkspace, { workspaceId: second })).rejects.toMatchObject(full);
    await create('Of Ada', ada);
  });

  it('are listed to the admins of the platform, by pages and as they ask, and to nobody else', async () => {
    const first = await ada.call(listAllWorkspaces, { limit: 2 });
    expect(slugsIn(first)).toEqual(['of-ada', 'taken']);
    const rest = await ada.call(listAllWorkspaces, { limit: 2, cursor: textOf(first['nextCursor']) });
    expect([slugsIn(rest), rest['nextCursor']]).toEqual([['first'], undefined]);
    expect(slugsIn(await ada.call(listAllWorkspaces, { where: "name = 'First'" }))).toEqual(['first']);
    await expect(bob.call(listAllWorkspaces, {})).rejects.toMatchObject({ status: 403, code: 'workspaces.read_denied' });
  });

  it('are made by admins alone where that is set, and stay whose they are', async () => {
    await restart({ MILLRACE_WORKSPACES_CREATED_BY: 'admins' });
    const denied = { status: 403, code: 'workspaces.create_denied' };
    await expect(create('Third')).rejects.toMatchObject(denied);
    await expect(bob.call(duplicateWorkspace, { workspaceId: 'first', name: 'Copy' })).rejects.toMatchObject(denied);
    expect(await taken()).toMatchObject({ status: 403, body: { code: 'workspaces.create_denied' } });
    await create('Another of Ada', ada);
    await bob.call(MembersService.method.listMembers, { workspaceId: 'first' });
  });

  it('end on the platform at so many, as apps do, whose next versions are still published', async () => {
    await restart({ MILLRACE_WORKSPACES_MOST: '4', MILLRACE_APPS_MOST: '1' });
    // Five were made, and one of them is deleted.
    const full = {
      status: 429,
      code: 'workspaces.quota_reached',
      message: expect.stringContaining('The platform has at most 4 workspaces'),
    };
    await expect(create('Fifth')).rejects.toMatchObject(full);
    expect(await taken()).toMatchObject({ status: 429 });
    const publish = async (client: MillraceClient, workspaceId: string, number: string) => {
      const files = { 'automations/greet.yaml': `do: []\noutput: ${number}\n` };
      await client.call(DraftsService.method.applyDraft, { workspaceId, files, ifMatch: '*' });
      await client.call(publishVersion, { workspaceId });
      return client.call(AppsService.method.publishApp, { workspaceId, number });
    };
    await publish(ada, 'of-ada', '1.0.0');
    await expect(publish(bob, 'first', '1.0.0')).rejects.toMatchObject({ status: 429, code: 'apps.quota_reached' });
    await publish(ada, 'of-ada', '1.1.0');
  });
});

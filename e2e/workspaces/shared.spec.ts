import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import {
  GatewayService,
  MembersService,
  RightsService,
  RunsService,
  RuntimeService,
  SharesService,
  WorkspacesService,
} from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const { createWorkspace, getAutomation, listAutomations, publishVersion, putAutomation } = WorkspacesService.method;
const { createShare, deleteShare, listShares } = SharesService.method;

describe('what is shared one by one, through the public door', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let bob: MillraceClient;
  let bobs: string;
  let made = 0;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    await signIn();
    bobs = (await bob.call(GatewayService.method.getMe))['id'] as string;
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  async function signIn(): Promise<void> {
    [ada, bob] = await Promise.all([signedIn(millrace.url, 'ada', PASSWORD), signedIn(millrace.url, 'bob', PASSWORD)]);
  }

  /** A workspace of ada's with two automations and two files; answers its path and the ids of the files. */
  async function filled() {
    made += 1;
    const workspaceId = (await ada.call(createWorkspace, { name: `Shared ${made}` }))['id'] as string;
    for (const slug of ['greet', 'part']) await ada.call(putAutomation, { workspaceId, slug, source: `do: []\noutput: ${slug}\n` });
    await ada.call(publishVersion, { workspaceId });
    const files = [await upload(workspaceId, 'bill'), await upload(workspaceId, 'diary')] as const;
    return { workspaceId, files };
  }

  async function upload(workspaceId: string, text: string): Promise<string> {
    const body = new FormData();
    body.append('file', new Blob([text]), `${text}.txt`);
    const answer = await ada.fetch(`/v1/workspaces/${workspaceId}/files`, { method: 'POST', body });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { id: string }).id;
  }

  const share = async (workspaceId: string, said: JsonMap): Promise<string> =>
    (await ada.call(createShare, { workspaceId, actions: ['read'], ...said }))['id'] as string;
  const statusOf = async (path: string, client = bob): Promise<number> => (await client.fetch(path)).status;
  const slugs = async (workspaceId: string): Promise<readonly unknown[]> =>
    ((await bob.call(listAutomations, { workspaceId }))['items'] as readonly JsonMap[]).map(({ slug }) => slug);
  const names = async (workspaceId: string): Promise<readonly unknown[]> => {
    const answer = await bob.fetch(`/v1/workspaces/${workspaceId}/files`);
    return ((await answer.json()) as { items: readonly JsonMap[] }).items.map(({ name }) => name);
  };

  it('an automation and a file are read, and nothing beside them, until they are taken back; a killed process keeps that', async () => {
    const { workspaceId, files } = await filled();
    const path = `/v1/workspaces/${workspaceId}`;
    expect(await statusOf(`${path}/automations/greet`)).toBe(404);
    const automation = await share(workspaceId, { subject: 'automations', object: 'greet', userId: bobs });
    const file = await share(workspaceId, { subject: 'files', object: files[0], userId: bobs });

    await millrace.kill();
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, ports: millrace.ports });
    await signIn();
    expect(await bob.call(getAutomation, { workspaceId, slug: 'greet' })).toMatchObject({ slug: 'greet' });
    expect(await slugs(workspaceId)).toEqual(['greet']);
    expect(await statusOf(`${path}/automations/part`)).toBe(404);
    expect(await names(workspaceId)).toEqual(['bill.txt']);
    expect(await (await bob.fetch(`${path}/files/${files[0]}/content`)).text()).toBe('bill');
    expect(await statusOf(`${path}/files/${files[1]}/content`)).toBe(404);
    for (const closed of ['', '/members', '/shares', '/runs', '/versions', '/config'])
      expect([closed, await statusOf(path + closed)]).toEqual([closed, 403]);

    await ada.call(deleteShare, { workspaceId, shareId: automation });
    await expect(slugs(workspaceId)).rejects.toMatchObject({ status: 403, code: 'automations.read_denied' });
    await ada.call(deleteShare, { workspaceId, shareId: file });
    await millrace.kill();
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, ports: millrace.ports });
    await signIn();
    for (const gone of [path, `${path}/automations/greet`, `${path}/files/${files[0]}`])
      expect([gone, await statusOf(gone)]).toEqual([gone, 404]);
    const { items } = await ada.call(listShares, { workspaceId });
    expect(items).toEqual([]);
  });

  it('until it ends', async () => {
    const { workspaceId } = await filled();
    const ends = Date.now() + 3_000;
    await share(workspaceId, { subject: 'automations', object: 'greet', userId: bobs, expiresAt: new Date(ends).toISOString() });
    const status = () => statusOf(`/v1/workspaces/${workspaceId}/automations/greet`);
    const early = await status();
    expect(Date.now() < ends ? [200] : [200, 404]).toContain(early);
    await until(async () => (await status()) === 404);
    expect(Date.now()).toBeGreaterThanOrEqual(ends);
    expect((await ada.call(listShares, { workspaceId }))['items']).toEqual([]);
  });

  it('with those who have a role, with an address, and with everyone', async () => {
    const { workspaceId } = await filled();
    await ada.call(RightsService.method.putRole, { workspaceId, role: 'desk', rules: [], ifNoneMatch: '*' });
    await ada.call(MembersService.method.inviteMember, { workspaceId, userId: bobs, roles: ['desk'] });
    await share(workspaceId, { subject: 'automations', object: 'greet', role: 'desk' });
    expect(await slugs(workspaceId)).toEqual(['greet']);
    const open = (await filled()).workspaceId;
    await share(open, { subject: 'automations', object: 'part', role: 'everyone' });
    expect(await slugs(open)).toEqual(['part']);
    const addressed = (await filled()).workspaceId;
    const { email } = await bob.call(GatewayService.method.getMe);
    await share(addressed, { subject: 'automations', object: 'greet', email: email as string });
    expect(await slugs(addressed)).toEqual(['greet']);
    expect((await ada.call(listShares, { workspaceId: addressed, where: "state = 'active'" }))['items']).toMatchObject([{ userId: bobs }]);
  });

  it('to be run, and the run that came of it to be read: other services know it as soon as this one does', async () => {
    const { workspaceId } = await filled();
    const run = { workspaceId, slug: 'greet', input: {} };
    await expect(bob.call(RuntimeService.method.runAutomation, run)).rejects.toMatchObject({ status: 404 });
    const execute = await share(workspaceId, { subject: 'automations', object: 'greet', userId: bobs, actions: ['execute'] });
    const { runId } = await bob.call(RuntimeService.method.runAutomation, run);
    await expect(bob.call(RuntimeService.method.runAutomation, { ...run, slug: 'part' })).rejects.toMatchObject({ status: 403 });
    await expect(bob.call(RunsService.method.getRun, { workspaceId, runId: runId as string })).rejects.toMatchObject({ status: 403 });
    await share(workspaceId, { subject: 'runs', object: runId as string, userId: bobs });
    await until(async () => (await statusOf(`/v1/workspaces/${workspaceId}/runs/${runId as string}`)) === 200);
    await ada.call(deleteShare, { workspaceId, shareId: execute });
    await until(async () => (await bob.call(RuntimeService.method.runAutomation, run).then(() => 200, statusIn)) === 403);
  });
});

function statusIn(error: unknown): number | undefined {
  return (error as { readonly status?: number }).status;
}

/** What other services know follows the log. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await holds());) {
    if (Date.now() > deadline) throw new Error('It did not come to be.');
  }
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { DraftsService, EventsService, RunsService, SecretsService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const TEXTS = 1_000;
const DEADLINE = 120_000;
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const { createWorkspace, deleteWorkspace, getWorkspace, publishVersion, putAutomation } = WorkspacesService.method;

/** Leaves a context, an event, and a run that waits. */
const ASK = `
when: { endpoint: { path: ask, access: public, respond: accepted } }
do:
  - set: { name: global.asked, type: increment }
  - emit: { event: things.asked, payload: { secret: of the hotel } }
  - approve: { title: 'Go on?', to: { users: [somebody] }, deadline: 30d, output: said }
`;

describe('a deleted workspace whose time is over', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;

  const start = async (deletedSeconds: string): Promise<void> => {
    const ports = (millrace as StandaloneProcess | undefined)?.ports;
    const environment = { MILLRACE_DELETED_SECONDS: deletedSeconds };
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, environment, ...(ports && { ports }) });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
  };

  beforeAll(() => start('1'));

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const furnished = async (name: string): Promise<string> => {
    const workspaceId = textOf((await ada.call(createWorkspace, { name }))['id']);
    await ada.call(putAutomation, { workspaceId, slug: 'ask', source: ASK });
    await ada.call(SecretsService.method.setSecret, { workspaceId, name: 'KEY', value: 'hush' });
    await ada.call(publishVersion, { workspaceId });
    const headers = { 'content-type': 'text/plain' };
    expect((await ada.fetch(`/v1/workspaces/${workspaceId}/files?name=a.txt`, { method: 'POST', body: 'a', headers })).status).toBe(201);
    expect((await fetch(`${millrace.url}/v1/workspaces/${workspaceId}/webhooks/ask`, { method: 'POST' })).status).toBe(202);
    const files = Object.fromEntries(
      Array.from({ length: TEXTS }, (_, index) => [`docs/${index}.md`, `Page ${index} of ${workspaceId}\n`]),
    );
    await ada.call(DraftsService.method.applyDraft, { workspaceId, files, ifMatch: '*' });
    return workspaceId;
  };

  const textsOf = (workspaceId: string): number => {
    const texts = join(folder.path, 'blobs', 'kept', 'workspaces', workspaceId);
    return existsSync(texts) ? readdirSync(texts, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).length : 0;
  };

  const until = async <T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> => {
    for (const end = Date.now() + DEADLINE; Date.now() < end; await fetch(`${millrace.url}/healthz`)) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    }
    throw new Error('It did not come to that.');
  };

  /** What a service says that it removed of it. */
  const purged = (workspaceId: string, service: string): Promise<JsonMap> =>
    until(async () => {
      const answer = await ada.fetch(`/v1/platform/audit?where=${encodeURIComponent(`type = '${service}.workspaces.purged'`)}`);
      const { items } = (await answer.json()) as { readonly items: readonly { readonly payload: JsonMap }[] };
      const told = items.find(({ payload }) => payload['workspace'] === workspaceId);
      return told?.payload['counts'] as JsonMap | undefined;
    });

  it('goes on going after its process was killed in the middle, until no service has anything of it', async () => {
    const [workspaceId, other] = [await furnished('Hotel'), await furnished('Other')];
    const whole = textsOf(workspaceId);
    expect(whole).toBeGreaterThan(TEXTS);
    await ada.call(deleteWorkspace, { workspaceId, ifMatch: '*' });
    await until(() => textsOf(workspaceId) < whole);
    await millrace.kill();
    expect(textsOf(workspaceId)).toBeGreaterThan(0);

    await start('1');
    await until(() => textsOf(workspaceId) === 0);
    await millrace.kill();

    await start('1');
    expect(Object.keys(await purged(workspaceId, 'runtime'))).toContain('contexts');
    expect(Object.keys(await purged(workspaceId, 'events'))).toContain('history');
    await expect(ada.call(getWorkspace, { workspaceId })).rejects.toMatchObject({ status: 404 });
    expect(textsOf(other)).toBeGreaterThan(TEXTS);
    const { items } = await ada.call(RunsService.method.listRuns, { workspaceId: other });
    expect(items).toHaveLength(1);
    const asked = await ada.call(EventsService.method.searchEvents, { workspaceId: other, types: ['things.asked'] });
    expect(asked['items']).toHaveLength(1);
  }, 300_000);
});

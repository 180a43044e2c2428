import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { ConfigService, WorkspacesService } from '@millrace/contracts';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const { createAutomation, createWorkspace, getWorkspace, publishVersion, updateWorkspace } = WorkspacesService.method;
const { getConfig, setConfig } = ConfigService.method;
const SHOP = 'https://shop.test';
const GREET = `when: { endpoint: { path: greet, access: public } }
do: []
output: 'hello from {{config.town}}'
`;

describe('a workspace with another slug', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const answerAt = async (slug: string): Promise<readonly [number, string]> => {
    const response = await fetch(`${millrace.url}/e/${slug}/greet`, { method: 'POST' });
    return [response.status, await response.text()];
  };

  /** Resolves when pages of the shop may read its endpoint under this slug. */
  const letsIn = async (slug: string): Promise<void> => {
    let allowed: string | null = null;
    for (const deadline = Date.now() + 20_000; allowed === null && Date.now() < deadline;) {
      const response = await fetch(`${millrace.url}/e/${slug}/greet`, { method: 'POST', headers: { origin: SHOP } });
      allowed = response.headers.get('access-control-allow-origin');
    }
    expect(allowed).toBe(SHOP);
  };

  it('is found, and answers, under the one it had', async () => {
    await ada.call(createWorkspace, { name: 'Hotel' });
    await ada.call(createAutomation, { workspaceId: 'hotel', slug: 'greet', source: GREET });
    await ada.call(setConfig, { workspaceId: 'hotel', schema: { required: ['town'] }, value: { town: 'Lac' }, ifMatch: '*' });
    await ada.call(publishVersion, { workspaceId: 'hotel' });
    await ada.call(updateWorkspace, { workspaceId: 'hotel', slug: 'inn', names: { texts: { fr: 'Auberge' } }, ifMatch: '*' });
    const found = await ada.call(getWorkspace, { workspaceId: 'hotel' });
    expect(found).toMatchObject({ slug: 'inn', names: { fr: 'Auberge' } });
    expect(await ada.call(getConfig, { workspaceId: 'hotel' })).toMatchObject({ value: { town: 'Lac' }, etag: '1' });
    let answer = await answerAt('inn');
    for (const deadline = Date.now() + 20_000; answer[0] === 404 && Date.now() < deadline;) answer = await answerAt('inn');
    expect([answer, await answerAt('hotel')]).toEqual([
      [200, 'hello from Lac'],
      [200, 'hello from Lac'],
    ]);
    const settings = { allowedOrigins: [SHOP] };
    await ada.call(updateWorkspace, { workspaceId: 'inn', settings, ifMatch: '*' });
    for (const slug of ['inn', 'hotel']) await letsIn(slug);
    await expect(ada.call(createWorkspace, { name: 'Hotel' })).rejects.toMatchObject({ status: 409, code: 'workspaces.slug_taken' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { ConfigService, WorkspacesService } from '@millrace/contracts';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const { createAutomation, createWorkspace, getWorkspace, publishVersion, updateWorkspace } = WorkspacesService.method;
const { getConfig, setConfig } = ConfigService.method;
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
    await expect(ada.call(createWorkspace, { name: 'Hotel' })).rejects.toMatchObject({ status: 409, code: 'workspaces.slug_taken' });
  });
});

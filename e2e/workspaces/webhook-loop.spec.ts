import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkspacesService } from '@millrace/contracts';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const { createAutomation, createWorkspace, publishVersion } = WorkspacesService.method;
const LOOP = `when: { endpoint: { path: loop, access: public } }
do:
  - set: { name: global.calls, type: increment }
  - fetch: { url: '{{global.apiUrl}}/e/round/loop', method: post, headers: { X-Automation-Depth: '0' }, output: got }
output: '{{got}}'
`;
const CALLS = "when: { endpoint: { path: calls, access: public } }\ndo: []\noutput: '{{global.calls}}'\n";

describe('an automation that fetches its own webhook', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    const ada = await signedIn(millrace.url, 'ada', PASSWORD);
    await ada.call(createWorkspace, { name: 'Round' });
    for (const [slug, source] of Object.entries({ loop: LOOP, calls: CALLS })) {
      await ada.call(createAutomation, { workspaceId: 'round', slug, source });
    }
    await ada.call(publishVersion, { workspaceId: 'round' });
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const answerOf = async (path: string): Promise<string> => (await fetch(`${millrace.url}/e/round/${path}`, { method: 'POST' })).text();

  it('comes to an end at the twentieth in a row, and says why', async () => {
    expect(await answerOf('loop')).toContain('runtime.loop');
    expect(await answerOf('calls')).toBe('20');
  });
});

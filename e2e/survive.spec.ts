import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { ApprovalsService, RunsService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';

const ASK = `
when: { endpoint: { path: ask, access: public, respond: accepted } }
do:
  - set: { name: global.asked, type: increment }
  - approve: { title: 'Go on?', to: { users: [somebody] }, deadline: 30d, output: said }
  - set: { name: $http, value: { status: 201 } }
output: { decision: '{{said.decision}}', asked: '{{global.asked}}' }
`;

const COUNT = `
when: { endpoint: { path: count, access: public } }
do:
  - set: { name: global.count, type: increment }
output: '{{global.count}}'
`;

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

describe('a run that waits for somebody', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let workspaceId = '';

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    workspaceId = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'Survivors' }))['id']);
    for (const [slug, source] of Object.entries({ ask: ASK, count: COUNT })) {
      await ada.call(WorkspacesService.method.putAutomation, { workspaceId, slug, source });
    }
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId });
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const killAndStart = async (): Promise<void> => {
    await millrace.kill();
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, ports: millrace.ports });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
  };

  const post = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`${millrace.url}/v1/workspaces/${workspaceId}/webhooks/${path}`, { method: 'POST', headers });

  const asked = async (): Promise<readonly JsonMap[]> => {
    const { items } = await ada.call(ApprovalsService.method.listApprovals, { workspaceId, state: 'asked' });
    return items as unknown as readonly JsonMap[];
  };

  it('waits over three deaths of its process and then gives the answer it promised', async () => {
    const called = await post('ask');
    expect(called.status).toBe(202);
    const location = `${millrace.url}${called.headers.get('location') ?? ''}`;
    for (let death = 1; death <= 3; death++) {
      await killAndStart();
      expect((await fetch(location)).status).toBe(202);
      expect(await asked()).toHaveLength(1);
    }
    const [approval] = await asked();
    const runId = textOf(approval?.['runId']);
    const { state } = await ada.call(RunsService.method.getRun, { workspaceId, runId });
    // Still "running" when its first process died before it had put the run down, until that process's lease is over.
    expect(state).toMatch(/^(parked|running)$/);
    await ada.call(ApprovalsService.method.answerApproval, { workspaceId, approvalId: textOf(approval?.['id']), decision: 'approved' });
    const answer = await fetch(location, { headers: { prefer: 'wait=20' } });
    expect([answer.status, await answer.json()]).toEqual([201, { decision: 'approved', asked: 1 }]);
    expect(await ada.call(RunsService.method.getRun, { workspaceId, runId })).toMatchObject({ state: 'succeeded' });
  });

  it('is the same run for the same key, whatever happened to the process in between', async () => {
    const first = await (await post('count', { 'idempotency-key': 'order-7' })).text();
    await killAndStart();
    expect(await (await post('count', { 'idempotency-key': 'order-7' })).text()).toBe(first);
    expect(await (await post('count')).text()).toBe(String(Number(first) + 1));
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { ApprovalsService, EventsService, RunsService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { EventsSeen, millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const SOURCE = [
  'when: { events: invoices.received }',
  'do:',
  "  - approve: { title: 'Pay {{payload.no}}?', to: { users: [somebody] }, choices: [pay, refuse], deadline: 1d, output: said }",
  "  - emit: { event: invoices.decided, payload: { decision: '{{said.decision}}' } }",
  "output: '{{said.decision}}'",
].join('\n');

/** Asks again while the answer is that it is too early for this. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if ((error as { readonly code?: string }).code !== 'runtime.run_unsettled') throw error;
    }
  }
}

describe('a question of a run, over HTTP', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let workspaceId = '';

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
    workspaceId = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'Invoices' }))['id']);
    await ada.call(WorkspacesService.method.putAutomation, { workspaceId, slug: 'pay', source: SOURCE });
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId });
  });

  afterAll(async () => {
    await millrace.stop();
  });

  it('is asked, listed and answered once; the run goes on to its end, can be read, and deleted', async () => {
    const seen = new EventsSeen();
    const feed = ada.events(workspaceId, { types: ['runtime.>', 'invoices.>'] });
    await feed.start(seen.take);
    await ada.call(EventsService.method.emitEvents, { workspaceId, events: [{ type: 'invoices.received', payload: { no: 7 } }] });
    await seen.until(({ type }) => type === 'runtime.approvals.asked');

    const { items } = (await ada.call(ApprovalsService.method.listApprovals, { workspaceId, state: 'asked' })) as { items: JsonMap[] };
    expect(items).toMatchObject([{ automation: 'pay', title: 'Pay 7?', state: 'asked', choices: ['pay', 'refuse'] }]);
    const approvalId = textOf(items[0]?.['id']);
    const runId = textOf(items[0]?.['runId']);
    const run = { workspaceId, runId };
    await expect(ada.call(RunsService.method.deleteRun, run)).rejects.toMatchObject({ status: 409, code: 'runtime.run_goes_on' });
    const answer = (decision: string) => ada.call(ApprovalsService.method.answerApproval, { workspaceId, approvalId, decision });

    await expect(answer('burn')).rejects.toMatchObject({ status: 422, code: 'runtime.decision_unknown' });
    expect(await answer('pay')).toMatchObject({ state: 'answered', answer: { decision: 'pay' } });
    await expect(answer('refuse')).rejects.toMatchObject({ status: 409, code: 'runtime.approval_answered' });

    await seen.until(({ type }) => type === 'runtime.runs.finished');
    expect(await ada.call(RunsService.method.getRun, run)).toMatchObject({ state: 'succeeded', output: 'pay' });
    const steps = await ada.call(RunsService.method.listSteps, run);
    expect(steps['items']).toMatchObject([{ kind: 'approve' }, { kind: 'emit' }]);

    await patiently(() => ada.call(RunsService.method.deleteRun, run));
    await seen.until(({ type, payload }) => type === 'runtime.runs.deleted' && (payload as JsonMap)['run'] === runId);
    feed.stop();
    for (const gone of [RunsService.method.getRun, RunsService.method.deleteRun]) {
      await expect(ada.call(gone, run)).rejects.toMatchObject({ status: 404, code: 'runtime.run_not_found' });
    }
    expect(await ada.call(RunsService.method.listRuns, { workspaceId })).toMatchObject({ items: [] });
  });

  it('is not known to strangers, and asked for wrongly is refused with the place', async () => {
    const bob = await millrace.as('bob');
    await expect(bob.call(RunsService.method.listRuns, { workspaceId })).rejects.toMatchObject({ status: 404 });
    await expect(bob.call(ApprovalsService.method.listApprovals, { workspaceId })).rejects.toMatchObject({ status: 404 });
    await expect(ada.call(RunsService.method.getRun, { workspaceId, runId: 'run_none' })).rejects.toMatchObject({
      status: 404,
      code: 'runtime.run_not_found',
    });
    await expect(ada.call(RunsService.method.cancelRuns, { workspaceId })).rejects.toMatchObject({ status: 400, code: 'api.invalid' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApprovalsService } from '@millrace/contracts';
import { serviceBench } from '@millrace/testing';
import { payloadOf, Stage, textOf } from '../../../testing/stage';

const { method } = ApprovalsService;
const encode = (value: object) => new TextEncoder().encode(JSON.stringify(value));

const pay = [
  'when: { events: invoice.received }',
  'do:',
  '  - approve:',
  '      title: Pay {{payload.no}}',
  '      message: To the bank',
  '      to: { users: [olga, vera, pia] }',
  '      except: { users: [olga] }',
  '      choices: [pay, refuse]',
  '      form: { type: object, properties: { note: { type: string } }, required: [note] }',
  '      deadline: 1d',
  '      output: said',
  "output: '{{said.decision}}: {{said.form.note}}'",
].join('\n');

describe('approvals over the bus', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open(serviceBench);
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  const asked = async (count = 1) => {
    const workspaceId = await stage.workspace({ pay });
    const ids: string[] = [];
    for (let no = 1; no <= count; no++) {
      await stage.emit(workspaceId, 'invoice.received', { no });
      ids.push(textOf(payloadOf(await stage.until(workspaceId, 'runtime.approvals.asked', { title: `Pay ${no}` })), 'approval'));
    }
    return { workspaceId, ids, approvalId: ids[0] ?? '' };
  };

  it('are listed, and answered once; their run goes on with the answer', async () => {
    const { workspaceId, approvalId } = await asked();
    const { items } = await stage.call(method.listApprovals, { workspaceId });
    expect(items).toMatchObject([
      {
        ...{ id: approvalId, automation: 'pay', title: 'Pay 1', message: 'To the bank', state: 'asked', choices: ['pay', 'refuse'] },
        ...{ users: ['olga', 'vera', 'pia'], exceptUsers: ['olga'] },
      },
    ]);
    const request = { workspaceId, approvalId, decision: 'pay', form: encode({ note: 'fine' }) };
    const { approval } = await stage.call(method.answerApproval, request, 'vera');
    expect(approval).toMatchObject({ state: 'answered', answer: { decision: 'pay', by: 'vera' } });
    expect(await stage.finished(workspaceId, 'pay')).toMatchObject({ outcome: 'succeeded', output: 'pay: fine' });
    await expect(stage.call(method.answerApproval, request, 'ada')).rejects.toMatchObject({ code: 'runtime.approval_answered' });
    const { items: left } = await stage.call(method.listApprovals, { workspaceId, state: 'asked' });
    expect(left).toEqual([]);
    const { items: done } = await stage.call(method.listApprovals, { workspaceId, state: 'answered' });
    expect(done.map(({ answer }) => answer?.decision)).toEqual(['pay']);
  });

  it('come in pages, newest first, and of one run if it is named', async () => {
    const { workspaceId, ids } = await asked(3);
    const first = await stage.call(method.listApprovals, { workspaceId, limit: 2 });
    const second = await stage.call(method.listApprovals, { workspaceId, limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(second.nextCursor).toBe('');
    const runId = second.items[0]?.runId ?? '';
    expect((await stage.call(method.listApprovals, { workspaceId, runId })).items).toMatchObject([{ runId }]);
  });

  it('are decided by who was asked or may approve, and seen by nobody else', async () => {
    const { workspaceId, approvalId } = await asked();
    expect((await stage.call(method.listApprovals, { workspaceId }, 'vera')).items).toHaveLength(1);
    await expect(stage.call(method.listApprovals, { workspaceId }, 'bob')).rejects.toMatchObject({ code: 'workspaces.not_found' });
    const answer = { workspaceId, approvalId, decision: 'pay', form: encode({ note: 'n' }) };
    await expect(stage.call(method.answerApproval, answer, 'bob')).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await expect(stage.call(method.answerApproval, answer, 'olga')).rejects.toMatchObject({ code: 'runs.approve_denied' });
    const other = await stage.workspace({ pay: pay.replace('[olga, vera, pia]', '[pia]') });
    await stage.emit(other, 'invoice.received', { no: 1 });
    const approval = textOf(payloadOf(await stage.until(other, 'runtime.approvals.asked')), 'approval');
    expect((await stage.call(method.listApprovals, { workspaceId: other }, 'vera')).items).toEqual([]);
    const uninvited = { ...answer, workspaceId: other, approvalId: approval };
    await expect(stage.call(method.answerApproval, uninvited, 'vera')).rejects.toMatchObject({ code: 'runs.approve_denied' });
  });

  it('are decided by whoever has a role that was asked', async () => {
    const workspaceId = await stage.workspace({ pay: pay.replace('users: [olga, vera, pia]', 'roles: [viewer]') });
    await stage.emit(workspaceId, 'invoice.received', { no: 1 });
    const approvalId = textOf(payloadOf(await stage.until(workspaceId, 'runtime.approvals.asked')), 'approval');
    expect((await stage.call(method.listApprovals, { workspaceId }, 'vera')).items).toMatchObject([{ id: approvalId, roles: ['viewer'] }]);
    const answer = { workspaceId, approvalId, decision: 'pay', form: encode({ note: 'n' }) };
    await expect(stage.call(method.answerApproval, answer, 'olga')).rejects.toMatchObject({ code: 'runs.approve_denied' });
    const { approval } = await stage.call(method.answerApproval, answer, 'vera');
    expect(approval).toMatchObject({ state: 'answered', answer: { by: 'vera' } });
  });

  it('are not decided by what they do not offer', async () => {
    const { workspaceId, approvalId } = await asked();
    const answer = { workspaceId, approvalId, decision: 'pay' };
    await expect(stage.call(method.answerApproval, { ...answer, decision: 'burn' })).rejects.toMatchObject({
      code: 'runtime.decision_unknown',
      errors: [{ pointer: '/decision' }],
    });
    await expect(stage.call(method.answerApproval, answer)).rejects.toMatchObject({ code: 'runtime.form_invalid' });
    await expect(stage.call(method.answerApproval, { ...answer, form: encode([]) })).rejects.toMatchObject({
      code: 'runtime.form_not_object',
    });
    await expect(stage.call(method.answerApproval, { ...answer, decision: '' })).rejects.toMatchObject({ refusal: 'invalid' });
    await expect(stage.call(method.answerApproval, { ...answer, approvalId: 'apr_none' })).rejects.toMatchObject({
      code: 'runtime.approval_not_found',
    });
    await expect(stage.call(method.listApprovals, { workspaceId, state: 'odd' })).rejects.toMatchObject({ refusal: 'invalid' });
    await expect(stage.call(method.listApprovals, { workspaceId, limit: 201 })).rejects.toMatchObject({ refusal: 'invalid' });
  });
});
